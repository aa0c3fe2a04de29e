import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { shellQuote } from '../../exec/quote.ts';
import { PROGRAMS } from '../programs.ts';
import { type Engine, hostsFile, hostsOf, rootOf } from './engine.ts';
import { OWNER_PASSWORD } from './inside/connect.ts';
import { programIn, programNames, shellIn } from './inside/programs.ts';
import type { Container, Role } from './model.ts';

export interface Execution {
  command: readonly string[];
  /** `-e` of exec: over the container's own. */
  env: Readonly<Record<string, string>>;
  stdin?: Readable;
  signal: AbortSignal;
  out(text: string | Uint8Array): void;
  err(text: string | Uint8Array): void;
}

/** What the engine says of a program that an image does not have. */
const NOT_FOUND = (name: string): string =>
  `OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(name)}: executable file not found in $PATH\n`;

/**
 * Runs a command in a container and gives its exit code: a program of the image as a function of this process, and a shell as a
 * real one whose PATH has the image's programs first.
 */
export async function execute(engine: Engine, container: Container, execution: Execution): Promise<number> {
  const [program = '', ...args] = execution.command;
  const { role } = container;
  const env = { ...container.env, ...execution.env, ...ownEnvironment(engine, container) };
  const cwd = container.image.directory;
  const found = programIn(role, program.replace(/^(?:\/usr)?(?:\/local)?\/bin\//, ''));
  if (found) {
    const stdin = execution.stdin ?? Readable.from([]);
    const { signal, out, err } = execution;
    return found({ program, args, env, cwd, stdin, signal, out, err, self: container.name, hosts: hostsOf(engine) });
  }
  const shell = shellIn(role, program);
  if (shell === undefined) {
    execution.err(NOT_FOUND(program));
    return 127;
  }
  const child = spawn(shell, args, {
    cwd,
    env: { ...env, PATH: [programDirectory(engine, role), process.env['PATH'] ?? '/usr/bin:/bin'].join(delimiter) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  execution.signal.addEventListener('abort', kill, { once: true });
  child.stdin.on('error', () => {});
  if (execution.stdin) execution.stdin.pipe(child.stdin);
  else child.stdin.end();
  child.stdout.on('data', (chunk: Buffer) => execution.out(chunk));
  child.stderr.on('data', (chunk: Buffer) => execution.err(chunk));
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return code ?? (signal === 'SIGKILL' ? 137 : 143);
  } catch {
    execution.err(NOT_FOUND(program));
    return 127;
  } finally {
    execution.signal.removeEventListener('abort', kill);
    execution.stdin?.unpipe(child.stdin);
  }
}

function ownEnvironment(engine: Engine, container: Container): Record<string, string> {
  return {
    HOSTNAME: container.id.slice(0, 12),
    TEJUN_ROOT: rootOf(engine, container),
    TEJUN_HOSTS: hostsFile(engine),
    TEJUN_SELF: container.name,
    ...(container.role === 'db' ? { [OWNER_PASSWORD]: engine.ownerPassword } : {}),
  };
}

const written = new Set<string>();

/** A script for each of the image's programs, for its shell. */
function programDirectory(engine: Engine, role: Role): string {
  const directory = join(engine.directory, 'bin', role);
  if (written.has(directory)) return directory;
  mkdirSync(directory, { recursive: true });
  for (const name of programNames(role)) {
    const line = `exec ${shellQuote(process.execPath)} -- ${shellQuote(PROGRAMS.composeInside)} ${role} ${name} "$@"`;
    writeFileSync(join(directory, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  }
  written.add(directory);
  return directory;
}
