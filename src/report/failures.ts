import type { JournalRecord, Outcome, ProblemRecord, RecordOf } from '../journal/records.ts';

/** A step that did not pass, and what was done about it. */
export interface Failure {
  step: string;
  title: string;
  attempt: number;
  at: string;
  outcome: Outcome;
  summary: string;
  problem?: ProblemRecord;
  remedy: Remedy;
}

export type Remedy =
  /** It was run again; `outcome` is how that ended, `unknown` when nobody knows. */
  | { kind: 'again'; attempt: number; outcome: Outcome }
  | { kind: 'settled'; how: 'skipped' | 'by-hand' | 'refused'; reason: string; by: string }
  /** A way back was taken. */
  | { kind: 'rolled-back'; step: string; title: string }
  | { kind: 'nothing' };

/**
 * Every attempt that failed or whose outcome is not known, in order, with the first thing in the journal that was done
 * about it: the step was run again, or settled, or a rollback passed. Pure.
 */
export function failuresOf(records: readonly JournalRecord[], begin: RecordOf<'begin'>): Failure[] {
  const plan = new Map(begin.plan.map((line) => [line.id, line]));
  return records.flatMap((record, index) => {
    if (record.type !== 'step.result' || (record.outcome !== 'failed' && record.outcome !== 'unknown')) return [];
    const { step, attempt, at, outcome, summary, problem } = record;
    const remedy = remedyOf(step, records.slice(index + 1), plan);
    const title = plan.get(step)?.title ?? step;
    return [{ step, title, attempt, at, outcome, summary, ...(problem ? { problem } : {}), remedy }];
  });
}

function remedyOf(
  step: string,
  after: readonly JournalRecord[],
  plan: ReadonlyMap<string, { stage: string; title: string }>,
): Remedy {
  for (const record of after) {
    if (record.type === 'step.result' && record.step === step)
      return { kind: 'again', attempt: record.attempt, outcome: record.outcome };
    if (record.type === 'step.settled' && record.step === step) {
      const { how, reason, by } = record;
      return { kind: 'settled', how, reason, by };
    }
    if (record.type === 'step.result' && record.outcome === 'passed' && plan.get(record.step)?.stage === 'rollback')
      return { kind: 'rolled-back', step: record.step, title: plan.get(record.step)?.title ?? record.step };
  }
  return { kind: 'nothing' };
}
