/**
 * The keys of the operator that can vouch for a run key, best first: those of the agent, a file whose passphrase was
 * given, files that need none, and tejun's own. What cannot be used is passed over, with a note that says why.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, syncDirectory } from './durable.ts';
import type { SignerSource } from './records.ts';
import { type AgentKey, listAgentKeys, signWithAgent } from './ssh-agent.ts';
import { formatPublicKey, keyType, signSsh } from './ssh-key.ts';
import { generatePrivateKey, PassphraseNeeded, parsePrivateKey } from './ssh-private-key.ts';

/** Where keys are looked for. */
export interface KeySearch {
  /** Of the operator's session: SSH_AUTH_SOCK is read from it. */
  env: Readonly<Record<string, string | undefined>>;
  /** The operator's home directory. */
  home: string;
  tejunHome: string;
  /** Longest waits for the agent, in ms; default 2 s to list and 60 s to sign (a touch takes its time). */
  patience?: { list?: number; sign?: number };
}

/** A key that can vouch for the run key. */
export interface Authority {
  source: SignerSource;
  blob: Buffer;
  comment: string;
  /** An SSH signature blob; rejects when it cannot. */
  sign(data: Uint8Array): Promise<Buffer>;
}

/** Keys of the agent that are tried before it is passed over. */
const AGENT_TRIES = 3;

/** Types of keys, best first. Tokens come last: each needs a touch, which nobody may be there to give. */
const PREFERENCE = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ssh-rsa',
  // Old PuTTY agents leak P-521 keys through their signatures (CVE-2024-31497).
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** The best few keys of the agent at SSH_AUTH_SOCK; the socket is looked up anew each time, a reconnect moves it. */
export async function* agentKeys(search: KeySearch, notes: string[]): AsyncGenerator<Authority> {
  const socket = search.env['SSH_AUTH_SOCK'];
  if (!socket) {
    notes.push('no SSH agent');
    return;
  }
  let keys: AgentKey[];
  try {
    keys = await listAgentKeys(socket, search.patience?.list);
  } catch (error) {
    notes.push(`SSH agent: ${reasonOf(error)}`);
    return;
  }
  const usable = keys
    .map((key) => ({ ...key, rank: PREFERENCE.indexOf(keyType(key.blob) ?? '') }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  if (usable.length === 0) notes.push('the SSH agent has no key that can sign');
  for (const { blob, comment } of usable.slice(0, AGENT_TRIES))
    yield {
      source: 'agent',
      blob,
      comment,
      sign: (data) => signWithAgent(socket, blob, data, search.patience?.sign),
    };
}

/**
 * The environment variable that names the socket of an agent of tejun's own: it holds a key file whose passphrase was given,
 * for as long as the front end is there that asked for it.
 */
export const UNLOCKED_KEY = 'TEJUN_UNLOCKED_KEY';

/** The key file whose passphrase was given. */
export async function* unlockedKey({ env, patience }: KeySearch, notes: string[]): AsyncGenerator<Authority> {
  const socket = env[UNLOCKED_KEY];
  if (!socket) return;
  try {
    for (const { blob, comment } of await listAgentKeys(socket, patience?.list))
      yield { source: 'file', blob, comment, sign: (data) => signWithAgent(socket, blob, data, patience?.sign) };
  } catch (error) {
    notes.push(`the key file that was opened is locked again: ${reasonOf(error)}`);
  }
}

/**
 * The key file that would sign if its passphrase were known: undefined when a key of the operator's signs without asking, and
 * when there is none.
 */
export async function lockedKeyFile(search: KeySearch): Promise<string | undefined> {
  for (const find of [agentKeys, unlockedKey, keyFiles]) for await (const _ of find(search, [])) return undefined;
  return keyPaths(search).find((path) => {
    try {
      parsePrivateKey(readFileSync(path, 'utf8'));
      return false;
    } catch (error) {
      return error instanceof PassphraseNeeded;
    }
  });
}

function keyPaths({ home }: KeySearch): string[] {
  return ['id_ed25519', 'id_ecdsa', 'id_rsa'].map((name) => join(home, '.ssh', name));
}

/** The key files of the operator's ~/.ssh that need no passphrase. */
export async function* keyFiles(search: KeySearch, notes: string[]): AsyncGenerator<Authority> {
  for (const path of keyPaths(search)) {
    try {
      yield fileAuthority('file', path, readFileSync(path, 'utf8'));
    } catch (error) {
      if (!isMissing(error)) notes.push(`${path}: ${reasonOf(error)}`);
    }
  }
}

/** tejun's own key, made when it is first needed. */
export async function* ownKey({ tejunHome }: KeySearch, notes: string[]): AsyncGenerator<Authority> {
  const path = ownKeyPath(tejunHome);
  try {
    const made = ensureOwnKey(path);
    notes.push(made ? `no SSH key could be used: tejun made its own, ${path}` : `tejun's own key, ${path}`);
    yield fileAuthority('own', path, readFileSync(path, 'utf8'));
  } catch (error) {
    notes.push(`${path}: ${reasonOf(error)}`);
  }
}

function fileAuthority(source: SignerSource, path: string, text: string): Authority {
  const { key, blob } = parsePrivateKey(text);
  return { source, blob, comment: path, sign: async (data) => signSsh(key, data) };
}

/** Where tejun's own key is kept. */
export function ownKeyPath(tejunHome: string): string {
  return join(tejunHome, 'keys', 'id_ed25519');
}

/** Makes tejun's own key when there is none; true when it was made. Two at once do not overwrite each other. */
export function ensureOwnKey(path: string): boolean {
  makeDirectory(join(path, '..'));
  const { text, blob } = generatePrivateKey('tejun');
  if (!writeNew(path, text, 0o600)) return false;
  writeNew(`${path}.pub`, `${formatPublicKey(blob, 'tejun')}\n`, 0o644);
  syncDirectory(join(path, '..'));
  return true;
}

function writeNew(path: string, text: string, mode: number): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx', mode);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return true;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Why a key cannot be used, in a few words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EACCES' ? 'permission denied' : message;
}
