import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { listAgentKeys } from '../journal/ssh-agent.ts';
import { socketPath, stateDirectory } from '../state-directory.ts';
import type { Finding } from './finding.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A journal with the outputs of a long run, and its reserve. */
const ENOUGH_BYTES = 200 * 1024 * 1024;

/** The longest path of a Unix socket, unix(7). */
const LONGEST_SOCKET = 107;

/** What the host itself gives: directories, room, a terminal, a locale, a key. Reads only. */
export async function hostFindings(
  env: Env,
  { stdin, stdout }: { stdin: { isTTY?: boolean }; stdout: { isTTY?: boolean; columns?: number; rows?: number } },
): Promise<Finding[]> {
  return [
    writable('journal-directory', stateDirectory(env), 'TEJUN_HOME=/path chooses another one'),
    room(stateDirectory(env)),
    runtimeDirectory(env),
    terminal(env, stdin, stdout),
    locale(env),
    await signingKey(env),
  ];
}

function writable(name: string, directory: string, otherwise: string): Finding {
  const there = nearestThatExists(directory);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
    return { name, state: 'fine', what: directory };
  } catch {
    return {
      name,
      state: 'missing',
      what: `${there} cannot be written`,
      why: 'nothing is started without a journal',
      next: [`make ${there} writable`, otherwise],
    };
  }
}

function room(directory: string): Finding {
  const { bavail, bsize } = statfsSync(nearestThatExists(directory));
  const free = bavail * bsize;
  const what = `${Math.floor(free / 1024 / 1024)} MiB free for the journal`;
  if (free >= ENOUGH_BYTES) return { name: 'disk', state: 'fine', what };
  const next = [`make room: at least ${ENOUGH_BYTES / 1024 / 1024} MiB`];
  return { name: 'disk', state: 'missing', what, why: 'a run stops when its journal cannot grow', next };
}

function runtimeDirectory(env: Env): Finding {
  const socket = socketPath(env, '20261231-2359-xxx');
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET)
    return writable('runtime-directory', dirname(socket), 'set XDG_RUNTIME_DIR to a directory of your own');
  return {
    name: 'runtime-directory',
    state: 'missing',
    what: `${dirname(socket)} is too long for a socket`,
    why: 'screens and engine speak over it',
    next: ['set XDG_RUNTIME_DIR or TMPDIR to a shorter path'],
  };
}

function terminal(
  env: Env,
  stdin: { isTTY?: boolean },
  stdout: { isTTY?: boolean; columns?: number; rows?: number },
): Finding {
  const name = 'terminal';
  if (!stdin.isTTY || !stdout.isTTY) {
    const what = 'none here: tejun run answers its questions with flags';
    return { name, state: 'weak', what, why: 'the screens', next: ['over SSH: ssh -t HOST tejun'] };
  }
  const { columns = 0, rows = 0 } = stdout;
  const size = `${env['TERM'] ?? 'TERM is not set'}, ${columns}×${rows}`;
  if (env['TERM'] === 'dumb' || columns === 0 || rows === 0) {
    return { name, state: 'weak', what: `${size}: plain lines instead of screens`, why: 'the screens' };
  }
  if (columns >= 40 && rows >= 12) return { name, state: 'fine', what: size };
  const next = ['make the window larger', '--plain needs no size'];
  return { name, state: 'weak', what: `${size}: too small for the screens`, why: 'they need 40×12', next };
}

function locale(env: Env): Finding {
  const name = 'locale';
  const set = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/i.test(set)) return { name, state: 'fine', what: set };
  return {
    name,
    state: 'weak',
    what: set === '' ? 'not set' : `${set} is not UTF-8`,
    why: 'signs and Japanese are written in UTF-8',
    next: ['export LC_ALL=C.UTF-8'],
  };
}

async function signingKey(env: Env): Promise<Finding> {
  const name = 'signing-key';
  const socket = env['SSH_AUTH_SOCK'];
  const keys = socket ? await listAgentKeys(socket).catch(() => []) : [];
  if (keys.length > 0) return { name, state: 'fine', what: `${keys.length} in the SSH agent` };
  return {
    name,
    state: 'weak',
    what: socket ? 'the SSH agent has no key' : 'no SSH agent (SSH_AUTH_SOCK is not set)',
    why: 'a journal that others can check is signed with your own key; else with one of tejun’s on this host',
    next: ['ssh-add ~/.ssh/id_ed25519', 'over SSH: ssh -A HOST (only to hosts that you trust)'],
  };
}

function nearestThatExists(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestThatExists(dirname(path));
}
