import type { StepState } from '../../src/engine/state.ts';
import { duration, runningFor } from '../layout/format.ts';
import type { Session } from '../session.ts';
import type { Model } from '../ui-state.ts';
import { stepState } from '../walk.ts';

/** What has happened to the run since `before`, a line each: begun, passed, failed, settled. Pure. */
export function changes(before: Session | undefined, { session, messages, glyphs }: Model): string[] {
  // What an attaching screen hears of the past is no news.
  if (!session || !before?.caughtUp || before.run !== session.run) return [];
  const secrets = Object.keys(session.state.secrets)
    .filter((name) => before.state.secrets[name] === undefined)
    .map((name) => `${glyphs.passed} ${name}: ${messages.secrets.set}`);
  const steps = session.plan.steps.flatMap(({ id, title }) => {
    const was = stepState(before.state, id);
    const is = stepState(session.state, id);
    if (was.status === is.status && was.attempts === is.attempts && was.summary === is.summary) return [];
    return [stepLine({ messages, glyphs }, title, is)];
  });
  return [...secrets, ...steps];
}

function stepLine({ messages, glyphs }: Pick<Model, 'messages' | 'glyphs'>, title: string, is: StepState): string {
  const { status, attempts, summary, ms, settled } = is;
  const sign = glyphs[status];
  if (status === 'running') {
    const again = attempts > 1 ? `, ${messages.stage.again(attempts)}${summary ? ` (${summary})` : ''}` : '';
    return `${sign} ${title}: ${messages.status.running}${again}`;
  }
  const why = settled?.reason ?? summary ?? '';
  const took = ms === undefined || settled ? '' : ` (${duration(ms, messages)})`;
  return `${sign} ${title}: ${messages.status[status]}${why ? `, ${why}` : ''}${took}`;
}

/** A sign of life of each step that runs: how long, of how long at most, and the last thing that it said. Pure. */
export function signsOfLife({ session, messages, now }: Model): string[] {
  if (!session) return [];
  const { plan, state, tails } = session;
  return state.running.map((id) => {
    const step = plan.steps.find((step) => step.id === id);
    const { startedAt } = stepState(state, id);
    const elapsed = startedAt === undefined ? 0 : now - Date.parse(startedAt);
    const last = tails[id]?.at(-1);
    const limit = runningFor(messages, elapsed, step?.timeoutMs ?? 0);
    return `${messages.plain.still(step?.title ?? id)} ${limit}${last ? ` · ${last}` : ''}`;
  });
}
