import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellQuote } from '../../exec/quote.ts';
import { PROGRAMS } from '../programs.ts';

/**
 * Puts `alembic`, and a `python` that can do `python -m alembic`, into a directory that stands on the PATH of a machine or
 * a container. Any other use of that `python` goes to the host's `python3`.
 */
export function installAlembic(bin: string): void {
  mkdirSync(bin, { recursive: true });
  const alembic = `exec ${shellQuote(process.execPath)} ${shellQuote(PROGRAMS.alembic)} "$@"`;
  const python = `if [ "$1" = -m ] && [ "$2" = alembic ]; then\n  shift 2\n  ${alembic}\nfi\nexec python3 "$@"`;
  writeFileSync(join(bin, 'alembic'), `#!/bin/sh\n${alembic}\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'python'), `#!/bin/sh\n${python}\n`, { mode: 0o755 });
}
