import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { takeLock } from '../engine/lock.ts';
import type { StartNews } from '../engine/start-news.ts';
import type { Holder, Person } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import { REHEARSAL } from '../runbook/types.ts';
import { locksDirectory, runLock } from '../state-directory.ts';
import type { EngineSpec } from './launch.ts';
import { stepOf } from './runs.ts';
import { takeOver } from './take-over.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The locks of a run on this host, and whose place it took to have them. */
export interface Locks {
  release(): void;
  /** The run that held the runbook and environment before, when it was taken over. */
  from?: Holder;
}

/**
 * Takes the locks of this host: one engine per run; and, but in a rehearsal, one operator at a time per runbook and environment.
 *
 * @param said is told what is being waited for while another run is taken over
 * @throws Problem lock-held, with who holds it and at which step; take-over-refused when another run was named than holds it
 */
export async function takeLocks(
  env: Env,
  spec: EngineSpec,
  runbook: string,
  operator: Person,
  said: (news: StartNews) => void,
): Promise<Locks> {
  const holder: Holder = { ...holderOf(spec, operator), since: new Date().toISOString() };
  const own = takeLock(runLock(env, spec.run), holder, `The run ${spec.run}`);
  if (spec.environment === REHEARSAL) return { release: own };
  const place = createHash('sha256')
    .update(`${resolve(runbook)}\0${spec.environment}`)
    .digest('hex')
    .slice(0, 32);
  const file = join(locksDirectory(env), `${place}.lock`);
  const take = () => takeLock(file, holder, `${basename(runbook)} in ${spec.environment}`);
  try {
    const { release, from } = await taken(env, spec, take, said);
    const both = () => {
      release();
      own();
    };
    return { release: both, ...(from ? { from } : {}) };
  } catch (error) {
    own();
    throw error;
  }
}

/** What a lock of this engine's tells of it. */
export function holderOf({ run }: EngineSpec, { name, host, from }: Person): Omit<Holder, 'since'> {
  return { run, operator: name, host, ...(from === undefined ? {} : { from }), pid: process.pid };
}

async function taken(
  env: Env,
  { run, takeOver: typed }: EngineSpec,
  take: () => () => void,
  said: (news: StartNews) => void,
): Promise<Locks> {
  try {
    return { release: take() };
  } catch (error) {
    if (!(error instanceof Problem) || error.holder === undefined) throw error;
    const { holder } = error;
    if (typed === undefined) throw heldAt(error, stepOf(env, holder.run));
    if (typed !== holder.run) throw notThatRun(typed, holder.run);
    await takeOver(env, holder, typed, run, said);
    return { release: take(), from: holder };
  }
}

/** The refusal, with the step at which the other run stands. */
function heldAt(problem: Problem, step: string | undefined): Problem {
  const { detail } = problem;
  if (step === undefined || detail.holder === undefined) return problem;
  const what = `${detail.what} It is at "${step}".`;
  return new Problem({ ...detail, what, holder: { ...detail.holder, step } }, problem.exit);
}

function notThatRun(typed: string, run: string): Problem {
  return new Problem(
    {
      code: 'take-over-refused',
      what: `${typed} does not hold this runbook and environment; ${run} does.`,
      means: 'Nothing was started, and nobody was disturbed.',
      next: [`tejun watch ${run} shows what goes on there`],
    },
    EXIT.refused,
  );
}
