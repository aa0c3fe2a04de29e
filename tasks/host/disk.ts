import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { sizeText } from '../backup/table.ts';
import { amount, argument } from '../input.ts';
import { table } from '../postgres/table.ts';
import type { Task } from '../task.ts';
import { type FileSystem, readDf } from './df.ts';

const input = z.strictObject({
  paths: z.array(argument).min(1).default(['/']),
  /** A file system that is fuller than this, in bytes or in inodes, is a finding. */
  max_percent: amount.default(85),
});

const COMMANDS: readonly ((paths: readonly string[]) => Command)[] = [
  (paths) => ({ file: 'df', args: ['-P', '-k', ...paths] }),
  // A disk is full, too, when it can hold no more files.
  (paths) => ({ file: 'df', args: ['-P', '-i', ...paths] }),
];

/** There is room where it is needed, in bytes and in files. */
export const hostDisk: Task<z.infer<typeof input>> = {
  name: 'host/disk',
  input,
  effect: 'read',
  describe: ({ paths }) => COMMANDS.map((command) => asTyped(command(paths))),
  async run({ paths, max_percent: limit }, context) {
    const systems: (FileSystem & { inodes?: number })[] = [];
    for (const [index, command] of COMMANDS.entries()) {
      const exit = await context.exec(command(paths), { quiet: true });
      // Some file systems (btrfs, vfat) count no inodes: df prints "-", and the line is not read.
      const found = readDf(exit.stdout);
      if (index > 0) {
        for (const { mount, percent } of found) {
          const known = systems.find((system) => system.mount === mount);
          if (known) known.inodes = percent;
        }
      } else if (exit.code === 0 && found.length > 0) systems.push(...unique(found));
      else {
        const said = exit.stderr.trim().split('\n')[0] ?? '';
        const problem: ProblemDetail = {
          code: 'disk-unknown',
          what: `df said nothing of ${paths.join(', ')}: ${said || 'it printed nothing'}.`,
          next: [asTyped(command(paths))],
        };
        return { outcome: 'failed', summary: problem.what, problem };
      }
    }
    for (const line of await lines(systems)) context.say(line);
    const evidence = {
      systems: systems.map(({ mount, size, free, percent, inodes }) => ({
        ...{ mount, size, free, percent },
        ...(inodes === undefined ? {} : { inodes }),
      })),
    };
    const full = systems.filter(({ percent, inodes = 0 }) => Math.max(percent, inodes) > limit);
    const summary = systems
      .map(({ mount, percent, free }) => `${mount} ${percent} %, ${sizeText(free)} free`)
      .join(' · ');
    if (full.length === 0) return { outcome: 'passed', summary, evidence };
    const problem: ProblemDetail = {
      code: 'disk-full',
      what: full
        .map(({ mount, percent, inodes = 0, free }) =>
          percent > limit
            ? `${mount} is ${percent} % full; ${sizeText(free)} are left.`
            : `${mount} has ${inodes} % of its inodes used: it can hold hardly any more files.`,
        )
        .join(' '),
      means: `The limit is ${limit} %. A full disk stops the database first, and backups with it.`,
      next: ['docker system df', 'remove old images', 'remove old backups, while newer ones are verified'],
    };
    return { outcome: 'failed', summary: problem.what, problem, evidence };
  },
};

/** Several paths on one file system are one line. */
function unique(systems: readonly FileSystem[]): FileSystem[] {
  return [...new Map(systems.map((system) => [system.mount, system])).values()];
}

function lines(systems: readonly (FileSystem & { inodes?: number })[]): Promise<string[]> {
  return table(
    ['mount', 'size', 'free', 'full', 'inodes'],
    systems.map(({ mount, size, free, percent, inodes }) => [
      ...[mount, sizeText(size), sizeText(free), `${percent} %`],
      inodes === undefined ? '–' : `${inodes} %`,
    ]),
  );
}
