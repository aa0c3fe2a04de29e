import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { makeDirectory } from './journal/durable.ts';
import { EXIT, Problem } from './problem.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where tejun keeps its state: `TEJUN_HOME` when set, else the XDG data directory. */
export function stateDirectory(env: Env): string {
  return env['TEJUN_HOME'] || envPaths('tejun', { suffix: '' }).data;
}

/** `runs/<run id>`: journal.jsonl, output/, engine.log. */
export function runDirectory(env: Env, run: string): string {
  return join(stateDirectory(env), 'runs', run);
}

/** What an engine says that nobody hears otherwise; empty when all went well. */
export function engineLog(env: Env, run: string): string {
  return join(runDirectory(env, run), 'engine.log');
}

/** Whose signatures are known on this host, as OpenSSH writes it (ssh-keygen(1)). */
export function allowedSignersPath(env: Env): string {
  return join(stateDirectory(env), 'allowed_signers');
}

/** Keys that are nobody's any more, one public key a line. */
export function revokedKeysPath(env: Env): string {
  return join(stateDirectory(env), 'revoked_keys');
}

export function runsDirectory(env: Env): string {
  return join(stateDirectory(env), 'runs');
}

/** Kernel lock of a run: one engine at a time. */
export function runLock(env: Env, run: string): string {
  return join(runDirectory(env, run), 'lock');
}

/** Kernel locks, one file per runbook and environment. */
export function locksDirectory(env: Env): string {
  return join(stateDirectory(env), 'locks');
}

/** Where the engine of a run listens. Kept short: a Unix socket's path may have 107 bytes (unix(7)). */
export function socketPath(env: Env, run: string): string {
  const home = createHash('sha256').update(stateDirectory(env)).digest('hex').slice(0, 8);
  return join(socketDirectory(env), `${home}-${run}.sock`);
}

function socketDirectory(env: Env): string {
  const runtime = env['XDG_RUNTIME_DIR'];
  return runtime && runtime.length < 50 ? join(runtime, 'tejun') : join(tmpdir(), `tejun-${userInfo().uid}`);
}

/** Makes the directories that a run needs, private to the operator; a `Problem` when one cannot be written. */
export function makeRunDirectories(env: Env, run: string): void {
  const own = runDirectory(env, run);
  for (const directory of [own, join(own, 'output'), locksDirectory(env), socketDirectory(env)]) {
    try {
      makeDirectory(directory);
      accessSync(directory, constants.W_OK | constants.X_OK);
      // The temporary directory is everybody's: a directory of that name may be somebody else's.
      if (lstatSync(directory).uid !== userInfo().uid) throw Object.assign(new Error(), { code: 'EPERM' });
    } catch (cause) {
      throw unwritable(directory, cause);
    }
  }
}

/** Removes the directory of a run that was refused before its first record; what has a journal, or an engine's last words, stays. */
export function removeUnbegunRun(env: Env, run: string): void {
  const own = runDirectory(env, run);
  const silent = statSync(engineLog(env, run), { throwIfNoEntry: false })?.size === 0;
  if (silent && !existsSync(join(own, 'journal.jsonl'))) rmSync(own, { recursive: true, force: true });
}

function unwritable(directory: string, cause: unknown): Problem {
  const code = (cause as NodeJS.ErrnoException).code ?? 'error';
  return new Problem(
    {
      code: 'state-unwritable',
      what: `tejun cannot write its state to ${directory} (${code}).`,
      means: 'Without a journal nothing may be started; nothing was changed.',
      next: ['make the directory writable, or free some space', 'or choose another one: TEJUN_HOME=/path tejun'],
    },
    EXIT.journal,
    { cause },
  );
}
