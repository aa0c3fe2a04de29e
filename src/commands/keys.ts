import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllowedSigners } from '../journal/allowed-signers.ts';
import { APPROVAL_NAMESPACE } from '../journal/approval.ts';
import { type Authority, agentKeys, ensureOwnKey, keyFiles, ownKeyPath } from '../journal/authorities.ts';
import { makeDirectory, syncDirectory } from '../journal/durable.ts';
import { NAMESPACE } from '../journal/records.ts';
import { isRevoked, parseRevoked } from '../journal/revoked-keys.ts';
import { fingerprint, formatPublicKey, type PublicKey, parsePublicKey } from '../journal/ssh-key.ts';
import { visible } from '../journal/visible.ts';
import { EXIT, Problem } from '../problem.ts';
import { allowedSignersPath, revokedKeysPath, stateDirectory } from '../state-directory.ts';
import { keySearch } from './key-search.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The keys that matter here, as `tejun keys --json` prints them: a stable interface (docs/interfaces.md). */
export interface KeyListing {
  /** Keys that can sign a run of this operator, best first: the first one signs. */
  own: readonly { fingerprint: string; source: 'agent' | 'file' | 'own'; comment: string; publicKey: string }[];
  /** Why better ones are not among them. */
  notes: readonly string[];
  /** Lines of allowed_signers: whose signatures `tejun verify` knows. */
  trusted: readonly { principals: string; fingerprint: string; revoked: boolean; until?: string }[];
  revoked: readonly string[];
}

/** What signs here, and who is known here. Makes nothing. */
export async function listKeys(env: Env): Promise<KeyListing> {
  const search = keySearch(env);
  const notes: string[] = [];
  const found: Authority[] = [];
  for await (const key of agentKeys(search, notes)) found.push(key);
  for await (const key of keyFiles(search, notes)) found.push(key);
  const own = found.map(({ source, blob, comment }) => ({
    ...{ fingerprint: fingerprint(blob), source: source as 'agent' | 'file', comment },
    publicKey: formatPublicKey(blob),
  }));
  const path = ownKeyPath(search.tejunHome);
  const made = parsePublicKey(readOr(`${path}.pub`));
  const last = made && {
    ...{ fingerprint: fingerprint(made.blob), source: 'own' as const, comment: path },
    publicKey: formatPublicKey(made.blob),
  };
  const revoked = parseRevoked(readOr(revokedKeysPath(env)));
  return {
    own: [...own, ...(last ? [last] : [])],
    notes,
    trusted: parseAllowedSigners(readOr(allowedSignersPath(env))).map(({ principals, key, validBefore }) => ({
      ...{ principals, fingerprint: fingerprint(key.blob), revoked: isRevoked(revoked, key.blob) },
      ...(validBefore === undefined ? {} : { until: new Date(validBefore * 1000).toISOString() }),
    })),
    revoked: [...revoked].map((blob) => fingerprint(Buffer.from(blob, 'base64'))),
  };
}

/** The listing as text: each key with one sentence on what it is for. */
export function formatKeys({ own, notes, trusted, revoked }: KeyListing): string {
  const sentence = {
    agent: 'an SSH agent holds it: it vouches for a run once, and can be forwarded to another host',
    file: 'a key file of yours: it vouches for a run once, at its start',
    own: "tejun's own key on this host: it has no passphrase, and stands for the account rather than for a person",
  };
  const lines = ['Keys that can sign your runs; the first one does:'];
  for (const { fingerprint, source, comment } of own)
    lines.push(`  ${fingerprint}  ${comment}`, `    ${sentence[source]}`);
  if (own.length === 0) lines.push('  none yet: the first run makes one, or tejun keys make');
  for (const note of notes) lines.push(`  not used: ${note}`);
  lines.push('', 'Whom tejun verify knows here:');
  for (const { principals, fingerprint, revoked, until } of trusted) {
    const means = revoked
      ? 'REVOKED: nothing that it signed is accepted any more'
      : until === undefined
        ? 'what it signs as this person is accepted'
        : `what it signed before ${until} is accepted`;
    lines.push(`  ${principals}  ${fingerprint}`, `    ${means}`);
  }
  if (trusted.length === 0)
    lines.push('  nobody: a seal then vouches for itself. tejun keys trust alice@ops alice.pub');
  if (revoked.length > 0) lines.push('', 'Revoked keys:', ...revoked.map((print) => `  ${print}`));
  return lines.map((line) => visible(line)).join('\n');
}

/** Makes tejun's own key for this host, if there is none. Gives its public line, to be handed to those who verify. */
export function makeKey(env: Env): { path: string; publicKey: string; made: boolean } {
  const path = ownKeyPath(stateDirectory(env));
  const made = ensureOwnKey(path);
  return { path, publicKey: readOr(`${path}.pub`).trim(), made };
}

/**
 * Says that a key is a person's: from now on `tejun verify` on this host knows what it signs, and a run here takes this
 * person's approval.
 *
 * @param given a public key line, or the path of a file that holds one
 * @throws Problem bad-principal, not-a-key, key-revoked
 */
export function trustKey(env: Env, principal: string, given: string): { fingerprint: string; added: boolean } {
  if (!/^[^\s,"'`$\\*?!#\p{C}]+$/u.test(principal)) {
    throw new Problem({
      code: 'bad-principal',
      what: `${visible(principal)} cannot stand in an allowed_signers file.`,
      next: ['name one person, as in: tejun keys trust alice@ops alice.pub'],
    });
  }
  const key = publicKeyOf(given);
  const print = fingerprint(key.blob);
  if (isRevoked(parseRevoked(readOr(revokedKeysPath(env))), key.blob)) {
    throw new Problem(
      {
        code: 'key-revoked',
        what: `The key ${print} was revoked on this host.`,
        means: 'It was not trusted.',
        next: [`take its line out of ${revokedKeysPath(env)} first, if that was a mistake`],
      },
      EXIT.refused,
    );
  }
  const path = allowedSignersPath(env);
  const before = readOr(path);
  const known = parseAllowedSigners(before).some(
    (line) => line.principals === principal && line.certAuthority && line.key.blob.equals(key.blob),
  );
  if (known) return { fingerprint: print, added: false };
  const namespaces = [NAMESPACE.real, NAMESPACE.rehearsal, APPROVAL_NAMESPACE].join();
  const line = `${principal} cert-authority,namespaces="${namespaces}" ${formatPublicKey(key.blob, key.comment)}\n`;
  replace(path, `${withNewline(before)}${line}`);
  return { fingerprint: print, added: true };
}

/**
 * Says that a key is nobody's any more: what it signed, whenever that was, is not accepted on this host.
 *
 * @param given a public key line, the path of a file that holds one, or the SHA256:… fingerprint of a trusted key
 * @throws Problem not-a-key
 */
export function revokeKey(env: Env, given: string): { fingerprint: string; added: boolean } {
  const trusted = parseAllowedSigners(readOr(allowedSignersPath(env))).map(({ key }) => key);
  const key = trusted.find(({ blob }) => fingerprint(blob) === given) ?? publicKeyOf(given);
  const path = revokedKeysPath(env);
  const before = readOr(path);
  const added = !isRevoked(parseRevoked(before), key.blob);
  if (added) replace(path, `${withNewline(before)}${formatPublicKey(key.blob, key.comment)}\n`);
  return { fingerprint: fingerprint(key.blob), added };
}

function publicKeyOf(given: string): PublicKey {
  const text = parsePublicKey(given) ? given : readOr(given);
  const key = text.split('\n').flatMap((line) => parsePublicKey(line) ?? [])[0];
  if (key) return key;
  throw new Problem({
    code: 'not-a-key',
    what: `${visible(given.slice(0, 80))} is no public key, and no file that holds one.`,
    means: 'Nothing was changed.',
    next: ['give a .pub file, or its line in quotes: "ssh-ed25519 AAAA…"', 'tejun keys lists the fingerprints'],
  });
}

function readOr(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

/** The whole file or the old one, whatever happens in between. */
function replace(path: string, text: string): void {
  makeDirectory(join(path, '..'));
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  syncDirectory(join(path, '..'));
}
