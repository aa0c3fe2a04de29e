import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process as /proc shows it. A number is used again; number and start time together are not. */
interface Process {
  pid: number;
  parent: number;
  session: number;
  started: string;
  zombie: boolean;
}

const POLL_MS = 50;
/** After KILL, the kernel may take this long to take a process away; one in disk sleep takes longer and is reported. */
const KILL_WAIT_MS = 1_000;

/** macOS has none. */
const HAS_PROC = existsSync('/proc/self/stat');

/**
 * Ends a child and everything that it started: TERM, then KILL after `graceMs`. A group kill misses grandchildren
 * that called setsid, so descendants are looked up in /proc before the first signal, while their parents still live;
 * one that detached itself fully (setsid, and its parent gone) before that is not found. Without /proc the group alone
 * is ended.
 *
 * @param leader process that leads its own session and group (spawned `detached`)
 * @returns ids of those that are still there
 */
export async function endTree(leader: number, graceMs: number): Promise<readonly number[]> {
  const tree = new Map<string, Process>();
  const alive = () => (HAS_PROC ? refresh(leader, tree) : sizeOfGroup(leader));
  alive();
  signal(leader, tree, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (alive() > 0 && performance.now() < deadline) await sleep(POLL_MS);
  const last = performance.now() + KILL_WAIT_MS;
  while (alive() > 0) {
    signal(leader, tree, 'SIGKILL');
    if (performance.now() > last) break;
    await sleep(POLL_MS);
  }
  return [...tree.values()].map((process) => process.pid);
}

/** Takes up new members of the tree, drops those that have ended, and says how many there are. */
function refresh(leader: number, tree: Map<string, Process>): number {
  const running = listProcesses();
  const known = new Set(tree.keys());
  tree.clear();
  const members = new Set<number>([leader]);
  for (const process of running) {
    if (process.session === leader || known.has(keyOf(process))) members.add(process.pid);
  }
  for (let size = 0; size !== members.size; ) {
    size = members.size;
    for (const process of running) if (members.has(process.parent)) members.add(process.pid);
  }
  for (const process of running) {
    if (members.has(process.pid) && !process.zombie) tree.set(keyOf(process), process);
  }
  return tree.size;
}

function signal(leader: number, tree: ReadonlyMap<string, Process>, name: NodeJS.Signals): void {
  send(-leader, name);
  for (const { pid } of tree.values()) send(pid, name);
}

/** Gone already, or another user's: what is left is reported at the end. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {}
}

/** One for a group that still has a process, none otherwise. */
function sizeOfGroup(leader: number): number {
  try {
    process.kill(-leader, 0);
    return 1;
  } catch {
    return 0;
  }
}

function listProcesses(): Process[] {
  return names('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Of /proc/PID/stat (proc(5)); the second field may hold blanks and brackets, so counting starts after its last one. */
function readProcess(pid: number): Process[] {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return [];
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent = '', , session = ''] = fields;
  const zombie = state === 'Z' || state === 'X';
  return [{ pid, parent: Number(parent), session: Number(session), started: fields[19] ?? '', zombie }];
}

function keyOf({ pid, started }: Process): string {
  return `${pid}:${started}`;
}
