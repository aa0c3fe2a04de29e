import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Ends what a failed test left behind: only processes that carry its mark. */
export function endProcessesOf(mark: string): void {
  for (const line of processesOf(mark)) {
    try {
      process.kill(Number(line.split(' ', 1)[0]), 'SIGTERM');
    } catch {
      // It ended by itself.
    }
  }
}

/** Command lines of the processes whose environment or arguments mention `mark`: what a run left behind. */
export function processesOf(mark: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return line.includes(mark) || env.includes(mark) ? [`${pid} ${line}`] : [];
      } catch {
        // It ended while it was looked at.
        return [];
      }
    });
}

/** Directories of rehearsals under the temporary directory. */
export function worlds(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('tejun-rehearsal-'));
}
