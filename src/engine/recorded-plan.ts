import type { RecordOf } from '../journal/records.ts';
import { type Effect, FLOWS, type Flow, type Stage } from '../runbook/types.ts';
import type { Plan, PlannedStep } from './plan.ts';

/**
 * The plan of a run as its first record tells it, for who looks on from where there is neither its runbook nor its engine. What a
 * step runs comes with its intents; its limits (timeout, budget) are not known there, and are 0 or absent. Pure.
 */
export function recordedPlan(begin: RecordOf<'begin'>): Plan {
  const { runbook, environment, rehearsal, section, values, path, plan, checklist } = begin;
  return {
    runbook: { file: runbook.path, title: runbook.title, digest: runbook.digest, language: 'en', timezone: 'UTC' },
    environment: { name: environment, guard: 'open', rehearsal },
    flow: FLOWS.find((name): name is Flow => name === begin.flow) ?? 'setup',
    ...(section === undefined ? {} : { section }),
    values,
    steps: plan.map(recordedStep),
    path,
    secrets: [],
    secretsAside: [],
    checklist: checklist.map((item) => ({ ...item, position: NOWHERE })),
  };
}

const NOWHERE = { line: 0, column: 0 };

function recordedStep({ id, stage, title, uses, effect }: RecordOf<'begin'>['plan'][number]): PlannedStep {
  return {
    ...{ id, title, uses, stage: stage as Stage, effect: effect as Effect },
    ...{ language: 'bash', body: '', prose: '', headings: [], position: NOWHERE },
    ...{ on: { kind: 'local' }, timeoutMs: 0, exit: [0], output: 'keep' },
    ...{ capture: [], captured: [], needs: [], secrets: [], command: [] },
  };
}
