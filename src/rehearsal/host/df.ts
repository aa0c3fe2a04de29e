import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ProgramCall } from '../stand-in.ts';
import type { Disk } from './disk.ts';

const INODES = { size: 4_194_304, used: 310_722 };

/** `df -P -k` and `df -P -i` of the rehearsal's disk, which is one file system; `-h` for people. */
export async function df(call: ProgramCall, disk: Disk): Promise<number> {
  const flags = call.args
    .filter((word) => word.startsWith('-'))
    .join('')
    .replaceAll('-', '');
  if (/[^Pkih]/.test(flags)) {
    call.err(`df: this rehearsal acts out -P, -k, -i and -h only\n`);
    return 1;
  }
  const paths = call.args.filter((word) => !word.startsWith('-'));
  const missing = paths.filter((path) => !existsSync(resolve(call.cwd, path)));
  for (const path of missing) call.err(`df: ${path}: No such file or directory\n`);
  const shown = paths.length === 0 ? ['/'] : paths.filter((path) => !missing.includes(path));
  const [size, used] = flags.includes('i') ? [INODES.size, INODES.used] : [disk.size, await disk.used()];
  const free = Math.max(0, size - used);
  const percent = `${Math.ceil((used / (used + free)) * 100)}%`;
  const count = (amount: number): string =>
    flags.includes('i')
      ? String(amount)
      : flags.includes('h')
        ? `${Math.ceil(amount / 1024 / 1024)}M`
        : String(Math.ceil(amount / 1024));
  if (shown.length > 0) {
    const unit = flags.includes('i') ? 'Inodes' : flags.includes('h') ? 'Size' : '1024-blocks';
    call.out(`Filesystem     ${unit} Used Available Capacity Mounted on\n`);
    for (const _ of shown) call.out(`/dev/vda1     ${count(size)} ${count(used)} ${count(free)} ${percent} /\n`);
  }
  return missing.length > 0 ? 1 : 0;
}
