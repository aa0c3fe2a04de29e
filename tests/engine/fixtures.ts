import { z } from 'zod';
import type { Plan, PlannedStep } from '../../src/engine/plan.ts';
import { EMPTY_RUN, foldAll, type RunState } from '../../src/engine/state.ts';
import { type Entry, GENESIS, type JournalRecord } from '../../src/journal/records.ts';
import type { AnyTask, TaskContext, TaskResult } from '../../tasks/task.ts';

/** A planned step with the defaults of the format; `over` changes what a test is about. */
export function plannedStep(id: string, over: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    title: `Step ${id}`,
    stage: 'deploy',
    language: 'bash',
    uses: 'bash',
    effect: 'write',
    on: { kind: 'local' },
    timeoutMs: 5_000,
    exit: [0],
    capture: [],
    needs: [],
    secrets: [],
    output: 'keep',
    body: `run ${id}`,
    headings: [],
    prose: '',
    position: { line: 1, column: 1 },
    captured: [],
    command: [`run ${id}`],
    ...over,
  };
}

/** A plan of a rehearsal over these steps; the guided ones are its path. */
export function planOf(steps: readonly PlannedStep[], over: Partial<Plan> = {}): Plan {
  return {
    runbook: { file: 'test.md', title: 'Test', digest: 'd'.repeat(64), language: 'en', timezone: 'UTC' },
    environment: { name: 'staging', guard: 'open', rehearsal: false },
    flow: 'setup',
    values: {},
    steps,
    path: steps.filter(({ stage }) => !['rollback', 'triage', 'remedy', 'routine'].includes(stage)).map(({ id }) => id),
    secrets: [],
    secretsAside: [],
    checklist: [],
    ...over,
  };
}

/** Entries as records: numbered, on a clock that counts in tens. */
export function recordsOf(entries: readonly Entry[]): JournalRecord[] {
  return entries.map((entry, seq) => ({
    ...entry,
    seq,
    at: '2026-01-02T03:04:05.000Z',
    mono: seq * 10,
    prev: GENESIS,
  }));
}

export function beginOf(plan: Plan): Entry {
  return {
    type: 'begin',
    format: 1,
    run: 'run-1',
    nonce: '0',
    tejun: '0.0.0',
    runbook: { path: plan.runbook.file, title: plan.runbook.title, digest: plan.runbook.digest },
    environment: plan.environment.name,
    rehearsal: plan.environment.rehearsal,
    flow: plan.flow,
    ...(plan.section === undefined ? {} : { section: plan.section }),
    operator: { name: 'alice@ops', host: 'ops' },
    pid: 1,
    values: plan.values,
    plan: plan.steps.map(({ id, stage, title, uses, effect }) => ({ id, stage, title, uses, effect })),
    path: plan.path,
    checklist: plan.checklist.map(({ id, text, steps }) => ({ id, text, steps })),
  };
}

export function stateOf(plan: Plan, entries: readonly Entry[] = []): RunState {
  return foldAll(recordsOf([beginOf(plan), ...entries]), EMPTY_RUN);
}

export function intentOf(step: string, attempt = 1): Entry {
  return { type: 'step.intent', step, attempt, effect: 'write', command: [], timeoutMs: 1, by: 'alice@ops' };
}

export function resultOf(step: string, outcome: 'passed' | 'failed', attempt = 1): Entry {
  return { type: 'step.result', step, attempt, outcome, ms: 1, summary: outcome };
}

/** A task whose behaviour a test gives: the body of the step picks it by name. */
export function scripted(
  behaviours: Record<string, (context: TaskContext) => Promise<TaskResult> | TaskResult>,
): (uses: string) => AnyTask {
  const task: AnyTask = {
    name: 'bash',
    input: z.object({ language: z.string(), body: z.string() }),
    effect: 'read',
    describe: (input: { body: string }) => [input.body],
    run: async (input: { body: string }, context) => {
      const behaviour = behaviours[input.body.replace(/^run /, '')];
      return behaviour ? behaviour(context) : { outcome: 'passed', summary: 'ok', exit: 0 };
    },
  };
  return () => task;
}
