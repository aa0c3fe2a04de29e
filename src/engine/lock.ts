import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { isAlive } from '../is-alive.ts';
import type { Holder } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import { describeHolder } from './holder.ts';

/** Descriptor that the lock is taken on in the child: the first after the standard ones. */
const LOCK_FD = 3;

/**
 * Takes the lock of a file on this host: one operator at a time per runbook and environment, one engine per run. It is the
 * kernel's (flock(2)) on a descriptor that this process keeps open, so it is free the moment the process is gone, however
 * it went; a lock file that is left behind holds nobody up.
 *
 * @param what names in words what is locked, for the one who is refused
 * @returns what gives the lock back
 * @throws Problem lock-held (EXIT.refused), with who holds it and since when
 */
export function takeLock(file: string, holder: Holder, what: string): () => void {
  const fd = openSync(file, 'a+', 0o600);
  const { status, error } = spawnSync('flock', ['--nonblock', '--exclusive', String(LOCK_FD)], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  // Without flock(1) (it is part of util-linux) the holder's process id is asked instead.
  const taken = error ? !holds(readHolder(file)) : status === 0;
  if (!taken) {
    closeSync(fd);
    throw held(readHolder(file), what);
  }
  ftruncateSync(fd);
  writeSync(fd, `${JSON.stringify(holder)}\n`);
  return () => closeSync(fd);
}

function holds(holder: Holder | undefined): boolean {
  return holder?.pid !== undefined && isAlive(holder.pid);
}

/** Who took the lock last; not whether it is still held. Undefined when nobody did. */
export function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function held(holder: Holder | undefined, what: string): Problem {
  const who = holder ? describeHolder(holder) : 'another engine';
  return new Problem(
    {
      code: 'lock-held',
      what: `${what} is in use by ${who}.`,
      means: 'Nothing was started: two at once would undo each other’s work.',
      next: [
        ...(holder
          ? [`see what is going on there: tejun watch ${holder.run}`, `go to that run: tejun resume ${holder.run}`]
          : []),
        'wait until it is sealed or suspended: the lock is free the moment its engine ends',
        ...(holder ? [`or end that run and take its place: --take-over ${holder.run}`] : []),
      ],
      ...(holder ? { holder } : {}),
    },
    EXIT.refused,
  );
}
