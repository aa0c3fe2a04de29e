import { readdirSync, readFileSync } from 'node:fs';

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

/** The child of one of those processes whose command line fits: a step's command, whose own environment is bare. */
export function childOf(mark: string, commandLine: RegExp): number | undefined {
  const parents = new Set(processesOf(mark).map((line) => line.split(' ', 1)[0]));
  const found = readdirSync('/proc').find((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return false;
      // proc(5): pid (comm) state ppid …; the command's name may hold blanks and brackets.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
      return (
        parents.has(parent) && commandLine.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
      );
    } catch {
      return false;
    }
  });
  return found === undefined ? undefined : Number(found);
}
