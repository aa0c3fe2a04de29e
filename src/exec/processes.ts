import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A process as /proc shows it. A number is used again; number and start time together are not. */
export interface Process {
  pid: number;
  /** Name of its program, at most 15 bytes. */
  name: string;
  parent: number;
  session: number;
  started: string;
  zombie: boolean;
}

/** macOS has none. */
export const HAS_PROC = existsSync('/proc/self/stat');

/** All processes of the host; none where there is no /proc. */
export function listProcesses(): Process[] {
  return names('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
}

export function keyOf({ pid, started }: Process): string {
  return `${pid}:${started}`;
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
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const [state = '', parent = '', , session = ''] = fields;
  const name = stat.slice(stat.indexOf('(') + 1, end);
  const zombie = state === 'Z' || state === 'X';
  return [{ pid, name, parent: Number(parent), session: Number(session), started: fields[19] ?? '', zombie }];
}
