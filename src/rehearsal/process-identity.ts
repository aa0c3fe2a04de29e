import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it started, in the system's own notation; compared, never read. */
  started: string;
  what: string;
}

/** Identifies a running process; undefined when there is none with this id. */
export function identify(pid: number, what: string): ProcessIdentity | undefined {
  const started = startTime(pid);
  return started === undefined ? undefined : { pid, started, what };
}

/** Whether this very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startTime(identity.pid) === identity.started;
}

function startTime(pid: number): string | undefined {
  try {
    if (platform() === 'linux') {
      // proc(5): field 22 is the start time; the name in field 2 may hold spaces and parentheses. Z is a zombie.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
