import type { ProblemDetail, WrittenProblem } from '../../src/problem.ts';
import { bothClocks } from '../layout/format.ts';
import { chosenRunbook } from '../moves/home.ts';
import type { Model } from '../ui-state.ts';

/**
 * The problem of an operator who meets another's lock: who has it and where, and since when in the runbook's time zone, UTC beside
 * it. The problem's own sentence, for journals and scripts, has UTC alone.
 */
export function heldBy(
  { messages, session, ui, front }: Pick<Model, 'messages' | 'session' | 'ui' | 'front'>,
  problem: ProblemDetail,
): WrittenProblem {
  const { code, holder, next } = problem;
  if (code !== 'lock-held' || holder === undefined) return problem;
  const zone = session?.plan.runbook.timezone ?? chosenRunbook({ ui, front })?.timezone ?? 'UTC';
  const means = [
    messages.home.startedBy(holder.operator, bothClocks(holder.since, zone)),
    messages.takeOver.place(holder.host, holder.from),
    ...(holder.step === undefined ? [] : [messages.takeOver.step(holder.step)]),
    holder.run,
  ].join(' · ');
  return { what: messages.takeOver.held, means, ...(next === undefined ? {} : { next }) };
}
