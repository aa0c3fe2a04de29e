import { setTimeout as sleep } from 'node:timers/promises';
import { carries, type Mark, markedProcesses } from './marks.ts';
import { HAS_PROC, keyOf, listProcesses, type Process } from './processes.ts';

const POLL_MS = 50;
/** After KILL, the kernel may take this long to take a process away; one in disk sleep takes longer and is reported. */
const KILL_WAIT_MS = 1_000;

/**
 * Ends a child and everything that it started: TERM, then KILL after `graceMs`. A group kill misses grandchildren
 * that called setsid, so descendants are looked up in /proc; one whose parents are gone too is known by the mark in its
 * environment. Without /proc the group alone is ended.
 *
 * @param leader process that leads its own session and group (spawned `detached`)
 * @param mark what the environment of the tree's processes holds
 * @returns those that are still there
 */
export function endTree(leader: number, graceMs: number, mark?: Mark): Promise<readonly Process[]> {
  return endAll(
    (known) => (HAS_PROC ? treeOf(leader, known, mark) : groupOf(leader)),
    (name, found) => {
      send(-leader, name);
      signalAll(name, found);
    },
    graceMs,
  );
}

/** Ends every process that carries the mark, TERM and then KILL; gives those that it found. */
export async function endMarked(mark: Mark, graceMs: number): Promise<readonly Process[]> {
  const found = markedProcesses(mark);
  if (found.length > 0) await endAll(() => markedProcesses(mark), signalAll, graceMs);
  return found;
}

/**
 * @param find gives who is there, given who was there before
 * @param signal is sent to all of them
 */
async function endAll(
  find: (known: readonly Process[]) => readonly Process[],
  signal: (name: NodeJS.Signals, found: readonly Process[]) => void,
  graceMs: number,
): Promise<readonly Process[]> {
  let found = find([]);
  signal('SIGTERM', found);
  const deadline = performance.now() + graceMs;
  while (found.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    found = find(found);
  }
  const last = performance.now() + KILL_WAIT_MS;
  while (found.length > 0) {
    signal('SIGKILL', found);
    if (performance.now() > last) break;
    await sleep(POLL_MS);
    found = find(found);
  }
  return found;
}

/** The leader's session, those who carry the mark, those who belonged before, and everybody's descendants. */
function treeOf(leader: number, before: readonly Process[], mark: Mark | undefined): Process[] {
  const running = listProcesses();
  const known = new Set(before.map(keyOf));
  const members = new Set<number>([leader]);
  for (const process of running) {
    if (process.session === leader || known.has(keyOf(process))) members.add(process.pid);
    else if (mark && process.pid !== globalThis.process.pid && carries(process.pid, mark)) members.add(process.pid);
  }
  for (let size = 0; size !== members.size; ) {
    size = members.size;
    for (const process of running) if (members.has(process.parent)) members.add(process.pid);
  }
  return running.filter(({ pid, zombie }) => members.has(pid) && !zombie);
}

/** Without /proc nobody can be named: the leader stands for a group that still has a process. */
function groupOf(leader: number): Process[] {
  try {
    process.kill(-leader, 0);
    return [{ pid: leader, name: '', parent: 0, session: leader, started: '', zombie: false }];
  } catch {
    return [];
  }
}

function signalAll(name: NodeJS.Signals, found: readonly Process[]): void {
  for (const { pid } of found) send(pid, name);
}

/** Gone already, or another user's: what is left is reported at the end. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}
