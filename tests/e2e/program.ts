import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROGRAM_ROOT } from '../../src/program.ts';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the real program without a terminal, to its end. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = PROGRAM_ROOT,
): Promise<Ended> {
  const child = spawn(join(PROGRAM_ROOT, 'bin', 'tejun'), args, {
    cwd,
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
