import type { Entry, RecordOf } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import type { Plan, PlanLine } from './plan.ts';
import type { RunState, StepState } from './state.ts';

/**
 * What a resumed run writes of the steps that were running when its engine ended: their outcome is not known, and they are
 * never run again by themselves (design §2). Pure.
 */
export function unknownOutcomes(state: RunState): Entry[] {
  return state.running.map((step) => {
    const before = state.steps[step];
    return before?.summary === undefined ? unknown(step, before?.attempts ?? 1) : notTriedAgain(step, before);
  });
}

/** The engine ended between two attempts: the last one had failed, and no other had begun. */
function notTriedAgain(step: string, { attempts, summary = '', problem }: StepState): Entry {
  const result = { step, attempt: attempts, outcome: 'failed', ms: 0, summary } as const;
  return { type: 'step.result', ...result, ...(problem ? { problem } : {}) };
}

function unknown(step: string, attempt: number): Entry {
  return {
    type: 'step.result',
    step,
    attempt,
    outcome: 'unknown',
    ms: 0,
    summary: 'the engine ended while it ran: what it did is not known',
    problem: {
      code: 'outcome-unknown',
      what: 'The engine ended while this step ran.',
      means: 'It may have taken effect, in whole or in part; tejun does not run it again by itself.',
      next: [
        'look what it did, then: h says that it is done',
        'r runs it again, when that is safe',
        's leaves it out, with a reason',
      ],
    },
  };
}

/** Ids of the read steps that can tell whether a step with an unknown outcome took effect (`probe=`). Pure. */
export function probesOf(plan: Plan, state: RunState): string[] {
  const unknown = state.running.filter((id) => state.steps[id]?.summary === undefined);
  const probes = unknown.flatMap((id) => plan.steps.find((step) => step.id === id)?.probe ?? []);
  return [...new Set(probes)];
}

/**
 * Refuses a runbook that changed since the run began: its steps would not be those that the journal speaks of.
 *
 * @throws Problem runbook-changed, with the steps that were added, taken away or changed
 */
export function requireSameRunbook(begin: RecordOf<'begin'>, plan: Plan): void {
  if (begin.runbook.digest === plan.runbook.digest) return;
  throw new Problem(
    {
      code: 'runbook-changed',
      what: `${begin.runbook.path} has changed since this run began.`,
      where: { file: plan.runbook.file },
      means: 'The run was not resumed, and nothing was run. Its journal is kept.',
      next: [
        ...differences(begin.plan, plan.steps),
        'put the runbook back as it was (git knows it), then resume',
        'or begin a new run with the runbook as it is now',
      ],
    },
    EXIT.refused,
  );
}

/** The steps that differ, one line each; a change of their texts alone is said as such. */
function differences(before: RecordOf<'begin'>['plan'], now: readonly PlanLine[]): string[] {
  const lineOf = ({ stage, title, uses, effect }: Omit<RecordOf<'begin'>['plan'][number], 'id'>) =>
    `${stage} · ${title} · ${uses} · ${effect}`;
  const old = new Map(before.map((step) => [step.id, lineOf(step)]));
  const current = new Map(now.map((step) => [step.id, lineOf(step)]));
  const lines = [
    ...[...old].filter(([id]) => !current.has(id)).map(([id, line]) => `- ${id}: ${line}`),
    ...[...current].filter(([id]) => !old.has(id)).map(([id, line]) => `+ ${id}: ${line}`),
    ...[...current].filter(([id, line]) => old.has(id) && old.get(id) !== line).map(([id, line]) => `~ ${id}: ${line}`),
  ];
  return lines.length > 0 ? lines : ['the steps are the same by name; their text, values or prose changed'];
}
