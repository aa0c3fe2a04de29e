/**
 * Who signs a run. The operator's own key is asked once, at the start, to certify a key that is made for this run and
 * kept in memory; that key then signs, also after a forwarded agent is gone, and is forgotten at the end.
 *
 * No failure here stops a run: whatever does not work is passed over and named in `note`.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, Problem } from '../problem.ts';
import { certificateBody, certificateOf, parseCertificate, refusesPrincipal } from './certificate.ts';
import { makeDirectory, syncDirectory } from './durable.ts';
import type { Entry, SignerSource } from './records.ts';
import { AgentFault, type AgentKey, listAgentKeys, signWithAgent } from './ssh-agent.ts';
import { encodePublicKey, fingerprint, formatPublicKey, keyType, signSsh } from './ssh-key.ts';
import { generatePrivateKey, parsePrivateKey } from './ssh-private-key.ts';
import { armor, digestOf, signedData } from './sshsig.ts';
import type { PrefixSigner } from './writer.ts';

export interface SignerRequest {
  /** Of the operator's session: SSH_AUTH_SOCK is read from it. */
  env: Readonly<Record<string, string | undefined>>;
  /** The operator's home directory. */
  home: string;
  tejunHome: string;
  /** Who signs, e.g. `alice@ops`. Characters that an allowed_signers file cannot hold become `-`. */
  principal: string;
  /** Id of the run: the certificate is for this run only. */
  run: string;
  /** How long the run key may sign; default 8, at most 24. */
  hours?: number;
  /** Default: the wall clock. */
  now?: Date;
  /** Longest waits for the agent, in ms; default 2 s to list and 60 s to sign (a touch takes its time). */
  patience?: { list?: number; sign?: number };
}

export interface Signer extends PrefixSigner {
  source: SignerSource;
  /** The principal, as it stands in the certificate. */
  by: string;
  /** SHA256:… of the operator's key. */
  fingerprint?: string;
  /** The operator's public key, one OpenSSH line. */
  publicKey?: string;
  /** The run's public key, one OpenSSH line. */
  runKey?: string;
  /** The certificate, one OpenSSH line. */
  certificate?: string;
  /** Why a better signer was not used, or what the operator should know of this one. */
  note?: string;
  /** An armored SSHSIG of `bytes`; throws a `Problem` as `signDigest` does. */
  sign(bytes: Uint8Array, namespace: string, at?: Date): string;
  /** Drops the run key: nothing can be signed any more, by anybody. */
  forget(): void;
}

const DEFAULT_HOURS = 8;
const LONGEST_HOURS = 24;
/** A verifier's clock may be a little behind. */
const EARLIER_SECONDS = 60;
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

/** A key that can vouch for the run key. */
interface Authority {
  source: SignerSource;
  blob: Buffer;
  comment: string;
  sign(data: Uint8Array): Promise<Buffer>;
}

/**
 * Finds who signs: the agent, else an unencrypted key in ~/.ssh, else tejun's own key (made on first use), else
 * nobody (`source: 'none'`). Never throws.
 */
export async function chooseSigner(request: SignerRequest): Promise<Signer> {
  const by = cleanPrincipal(request.principal);
  const notes: string[] = [];
  if (by !== request.principal) notes.push(`signs as ${by}`);
  for (const find of [agentKeys, keyFiles, ownKey]) {
    for await (const authority of find(request, notes)) {
      try {
        return await certify(authority, by, request, notes);
      } catch (error) {
        notes.push(`${authority.comment || fingerprint(authority.blob)}: ${reasonOf(error)}`);
        if (error instanceof AgentFault && error.slow) break;
      }
    }
  }
  return nobody(by, notes);
}

/** The `signer` record of a journal. */
export function signerEntry(signer: Signer): Extract<Entry, { type: 'signer' }> {
  const { source, by, fingerprint, publicKey, runKey, certificate, note } = signer;
  return {
    type: 'signer',
    source,
    by,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(runKey === undefined ? {} : { runKey }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(note === undefined ? {} : { note }),
  };
}

async function* agentKeys(request: SignerRequest, notes: string[]): AsyncGenerator<Authority> {
  const socket = request.env['SSH_AUTH_SOCK'];
  if (!socket) {
    notes.push('no SSH agent');
    return;
  }
  let keys: AgentKey[];
  try {
    keys = await listAgentKeys(socket, request.patience?.list);
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
      sign: (data) => signWithAgent(socket, blob, data, request.patience?.sign),
    };
}

async function* keyFiles({ home }: SignerRequest, notes: string[]): AsyncGenerator<Authority> {
  for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
    const path = join(home, '.ssh', name);
    try {
      yield fileAuthority('file', path, readFileSync(path, 'utf8'));
    } catch (error) {
      if (!isMissing(error)) notes.push(`${path}: ${reasonOf(error)}`);
    }
  }
}

async function* ownKey({ tejunHome }: SignerRequest, notes: string[]): AsyncGenerator<Authority> {
  const path = join(tejunHome, 'keys', 'id_ed25519');
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

/** Makes tejun's own key when there is none; true when it was made. Two at once do not overwrite each other. */
function ensureOwnKey(path: string): boolean {
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

async function certify(authority: Authority, by: string, request: SignerRequest, notes: string[]): Promise<Signer> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const now = Math.floor((request.now?.getTime() ?? Date.now()) / 1000);
  const hours = Math.min(Math.max(request.hours ?? DEFAULT_HOURS, 1), LONGEST_HOURS);
  const body = certificateBody({
    runKey: encodePublicKey(publicKey),
    keyId: request.run,
    principal: by,
    validAfter: now - EARLIER_SECONDS,
    validBefore: now + Math.round(hours * 3600),
    authority: authority.blob,
  });
  const blob = certificateOf(body, await authority.sign(body));
  const certificate = parseCertificate(blob);
  if (!certificate.genuine) throw new Error('it gave a signature that does not verify');
  let key: KeyObject | undefined = privateKey;
  const signDigest = (sha512: Uint8Array, namespace: string, at: Date): string => {
    if (!key) throw cannotSign('the key of this run was forgotten');
    const refusal = refusesPrincipal(certificate, by, Math.floor(at.getTime() / 1000));
    if (refusal) throw cannotSign(refusal);
    const signature = signSsh(key, signedData(namespace, 'sha512', sha512));
    return armor({ publicKey: blob, namespace, hash: 'sha512', signature });
  };
  return {
    source: authority.source,
    by,
    fingerprint: fingerprint(authority.blob),
    publicKey: formatPublicKey(authority.blob, authority.source === 'agent' ? authority.comment : ''),
    runKey: formatPublicKey(encodePublicKey(publicKey)),
    certificate: formatPublicKey(blob),
    ...noted(notes),
    signDigest,
    sign: (bytes, namespace, at = new Date()) => signDigest(digestOf(bytes), namespace, at),
    forget: () => {
      key = undefined;
    },
  };
}

function nobody(by: string, notes: string[]): Signer {
  const refuse = (): never => {
    throw cannotSign('there is no key to sign with');
  };
  return { source: 'none', by, ...noted(notes), signDigest: refuse, sign: refuse, forget: () => {} };
}

function noted(notes: readonly string[]): { note?: string } {
  return notes.length === 0 ? {} : { note: notes.join('; ') };
}

function cannotSign(why: string): Problem {
  return new Problem(
    { code: 'cannot-sign', what: why, means: 'The journal goes on, unsigned from here.' },
    EXIT.journal,
  );
}

/** A principal stands in an allowed_signers file, where these characters mean something else. */
function cleanPrincipal(principal: string): string {
  return principal.replace(/[\s,"'`$\\*?!#\x00-\x1f\x7f]+/g, '-') || 'operator';
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EACCES' ? 'permission denied' : message;
}
