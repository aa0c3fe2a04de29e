/**
 * A program of a container, as a process of its own: `node compose-inside.js ROLE NAME ARGUMENTS…`. The container's shell finds it
 * by a script of that name; `exec` without a shell runs the same function in the platform.
 */
import { readFileSync } from 'node:fs';
import type { Role } from '../model.ts';
import type { Host } from '../network.ts';
import { programIn } from './programs.ts';

const [role = '', program = '', ...args] = process.argv.slice(2);
const gone = new AbortController();
const hosts = JSON.parse(readFileSync(process.env['TEJUN_HOSTS'] ?? '', 'utf8')) as readonly Host[];
process.exitCode =
  (await programIn(
    role as Role,
    program,
  )?.({
    program,
    args,
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    signal: gone.signal,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    self: process.env['TEJUN_SELF'] ?? '',
    hosts,
  })) ?? 127;
process.stdin.destroy();
