import { readFileSync } from 'node:fs';
import { listProcesses, type Process } from './processes.ts';

/**
 * Environment variables by which the processes of a run are known, however they detached themselves: an environment is
 * inherited by every descendant that does not empty it. Scripts may read them too.
 */
export const RUN_MARK = 'TEJUN_RUN';
/** `<step>.<attempt>` of the step that started a process. */
export const STEP_MARK = 'TEJUN_STEP';

/** Entries of an environment, `NAME=value`, as they stand in /proc/PID/environ; at least one. */
export type Mark = readonly [string, ...string[]];

/** What marks the processes of one attempt of a step. */
export function stepMarks(run: string, step: string, attempt: number): Readonly<Record<string, string>> {
  return { [RUN_MARK]: run, [STEP_MARK]: `${step}.${attempt}` };
}

/** The mark in an environment: as much of it as is there. */
export function markOf(env: Readonly<Record<string, string>>): Mark | undefined {
  const [first, ...rest] = [RUN_MARK, STEP_MARK].flatMap((name) =>
    env[name] === undefined ? [] : `${name}=${env[name]}`,
  );
  return first === undefined ? undefined : [first, ...rest];
}

/** The mark of one attempt of a step: what `stepMarks` puts into an environment. */
export function markOfStep(run: string, step: string, attempt: number): Mark {
  return [`${RUN_MARK}=${run}`, `${STEP_MARK}=${step}.${attempt}`];
}

/** Processes of this user, but this one, whose environment was started with every entry of the mark (Linux only). */
export function markedProcesses(mark: Mark): Process[] {
  return listProcesses().filter(({ pid, zombie }) => pid !== process.pid && !zombie && carries(pid, mark));
}

export function carries(pid: number, mark: Mark): boolean {
  let environment: string;
  try {
    environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`;
  } catch {
    // Another user's, or it has ended meanwhile.
    return false;
  }
  return mark.every((entry) => environment.includes(`\0${entry}\0`));
}
