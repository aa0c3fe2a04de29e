import { join } from 'node:path';

/** Node's own variable: the directory where it keeps what it compiled (https://nodejs.org/api/cli.html). */
const VARIABLE = 'NODE_COMPILE_CACHE';

/** The variable for the platform and the programs of a world: who starts the rehearsal may have one already, which later rehearsals share. */
export function compileCache(world: string): Readonly<Record<string, string>> {
  return { [VARIABLE]: process.env[VARIABLE] ?? join(world, 'cache') };
}

/** The variable as this process has it, for a process whose environment is put together by hand. */
export function sameCompileCache(): Readonly<Record<string, string>> {
  const directory = process.env[VARIABLE];
  return directory === undefined ? {} : { [VARIABLE]: directory };
}
