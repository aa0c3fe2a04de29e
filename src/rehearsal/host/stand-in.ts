import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgramCall, StandInKind } from '../stand-in.ts';
import { crontab } from './crontab.ts';
import { df } from './df.ts';
import { createDisk } from './disk.ts';

/** Programs of the host itself whose effect must not reach this computer, or whose answer must not be its own. */
const PROGRAMS = /(^|[\s;|&(])(crontab|df)\s/m;

/** The host that a runbook is walked on: its crontab and its disk. */
export const host: StandInKind = {
  name: 'host',
  needed: (uses, bodies) =>
    uses.some((task) => /^(host|backup)\//.test(task)) || bodies.some((body) => PROGRAMS.test(body)),
  async start({ world, project, order, effects }) {
    const directory = join(world, 'host');
    await mkdir(directory, { recursive: true });
    const disk = await createDisk(project, order.values['backup_dir'] ?? 'backups', order.drill === 'backup-disk-full');
    return {
      programs: {
        crontab: (call: ProgramCall) => crontab(call, join(directory, 'crontab'), effects),
        df: (call: ProgramCall) => df(call, disk),
      },
      stop: async () => {},
    };
  },
};
