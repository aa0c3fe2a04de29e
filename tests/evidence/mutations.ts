/** Journals that were changed: by chance, by somebody who can write the file, and by somebody who holds a key. */
import { generateKeyPairSync } from 'node:crypto';
import { type CertificateRequest, certificateBody, certificateOf } from '../../src/journal/certificate.ts';
import { hashLine, serialise } from '../../src/journal/chain.ts';
import { linesOf } from '../../src/journal/lines.ts';
import { type Entry, GENESIS, type JournalRecord } from '../../src/journal/records.ts';
import { encodePublicKey, formatPublicKey, signSsh } from '../../src/journal/ssh-key.ts';
import type { PrivateKey } from '../../src/journal/ssh-private-key.ts';
import { armor, digestOf, parseArmor, signedData } from '../../src/journal/sshsig.ts';
import { ALICE, begin, seal } from '../journal/a-journal.ts';

export function recordsOf(journal: Uint8Array): JournalRecord[] {
  return [...linesOf(journal)].map((line) => JSON.parse(Buffer.from(line).toString()));
}

/** The records as a journal whose chain is whole. */
export function rechain(records: readonly JournalRecord[]): Buffer {
  let prev = GENESIS;
  const lines = records.map((record, seq) => {
    const line = serialise(record, { seq, at: record.at, mono: record.mono, prev });
    prev = hashLine(line);
    return line;
  });
  return Buffer.from(lines.join(''));
}

/** The records as they are: their chain shows what was done to them. */
export function raw(records: readonly JournalRecord[]): Buffer {
  return Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** What mutations draw on. */
export interface Stock {
  /** Honest journals: signed by one operator's key. */
  journals: readonly Buffer[];
  /** The operator's key, and one that nobody knows. */
  operator: PrivateKey;
  stranger: PrivateKey;
}

/** A draw: numbers below a bound, and one of several. */
export interface Draw {
  below(bound: number): number;
  of<T>(all: readonly T[]): T;
}

export function drawWith(random: () => number): Draw {
  const below = (bound: number) => Math.floor(random() * bound);
  return { below, of: <T>(all: readonly T[]) => all[below(all.length)] as T };
}

type Mutation = (draw: Draw, stock: Stock) => Buffer;

/** A changed journal by the way in which it was changed; each is as likely as the others. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'a bit flipped': (draw, { journals }) => {
    const changed = Buffer.from(draw.of(journals));
    const at = draw.below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << draw.below(8));
    return changed;
  },
  'the end cut off': (draw, { journals }) => {
    const journal = draw.of(journals);
    return journal.subarray(0, draw.below(journal.length));
  },
  'the end cut off after a record': (draw, { journals }) => {
    const lines = [...linesOf(draw.of(journals))];
    return Buffer.concat(lines.slice(0, 1 + draw.below(lines.length)));
  },
  'records moved': (draw, { journals }) => raw(moved(draw, recordsOf(draw.of(journals)))),
  'records moved, and chained anew': (draw, { journals }) => rechain(moved(draw, recordsOf(draw.of(journals)))),
  'a field changed': (draw, { journals }) => raw(edited(draw, recordsOf(draw.of(journals)))),
  'a field changed, and chained anew': (draw, { journals }) => rechain(edited(draw, recordsOf(draw.of(journals)))),
  'a signature of another place or journal': (draw, { journals }) =>
    withSignature(draw, draw.of(journals), () => draw.of(signaturesOf(draw.of(journals)))),
  'a byte of a signature changed': (draw, { journals }) =>
    withSignature(draw, draw.of(journals), (sig) => {
      const [head = '', ...lines] = sig.split('\n');
      const blob = Buffer.from(lines.slice(0, -2).join(''), 'base64');
      const at = draw.below(blob.length);
      blob[at] = (blob[at] ?? 0) ^ (1 << draw.below(8));
      return [head, ...(blob.toString('base64').match(/.{1,70}/g) ?? []), ...lines.slice(-2)].join('\n');
    }),
  'a character of a signature changed': (draw, { journals }) =>
    withSignature(draw, draw.of(journals), (sig) => {
      const at = draw.below(sig.length);
      return `${sig.slice(0, at)}${draw.of([...'AQgwZz09+/= \n-'])}${sig.slice(at + 1)}`;
    }),
  'a signature written in another form': (draw, { journals }) =>
    withSignature(draw, draw.of(journals), (sig) => draw.of(OTHER_FORMS)(sig)),
  'written anew by a stranger': (draw, { operator, stranger }) =>
    signedAnew({ authority: draw.of([operator, stranger]), certifiedBy: stranger }),
  'written anew by who holds the key': (draw, { operator, stranger }) =>
    signedAnew({
      authority: operator,
      certifiedBy: draw.of([operator, operator, operator, stranger]),
      ...(draw.of([true, false]) ? { certificate: draw.of(CERTIFICATES)() } : {}),
      ...(draw.of([true, false]) ? draw.of(SIGNATURES) : {}),
    }),
};

function moved(draw: Draw, records: JournalRecord[]): JournalRecord[] {
  const [a, b] = [draw.below(records.length), draw.below(records.length)];
  const [one, other] = [records[a] as JournalRecord, records[b] as JournalRecord];
  return draw.of([
    () => records.toSpliced(a, 1),
    () => records.toSpliced(b, 0, one),
    () => records.with(a, other).with(b, one),
    () => records.toSpliced(a, 0, { ...one, type: 'note', text: 'nothing went wrong', by: ALICE } as JournalRecord),
  ])();
}

function edited(draw: Draw, records: JournalRecord[]): JournalRecord[] {
  const at = draw.below(records.length);
  const record = records[at] as JournalRecord & Record<string, unknown>;
  const field = draw.of(Object.keys(record).filter((name) => name !== 'seq'));
  return records.with(at, { ...record, [field]: otherThan(draw, record[field]) });
}

function otherThan(draw: Draw, value: unknown): unknown {
  if (typeof value === 'number') return value + draw.of([-1, 1, 0.5, 86_400_000]);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string' && /^\d{4}-.*Z$/.test(value))
    return new Date(Date.parse(value) + draw.of([-1000, 1, 86_400_000])).toISOString();
  if (typeof value === 'string') return draw.of([`${value}!`, value.slice(1), 'mallory@ops', '']);
  return draw.of([null, 0, '', []]);
}

function signaturesOf(journal: Uint8Array): string[] {
  const sigs = recordsOf(journal).flatMap((record) => (record.type === 'signature' ? [record.sig] : []));
  return sigs.length > 0 ? sigs : [''];
}

/** The journal with another text in the place of one of its signatures; all after it is chained anew. */
function withSignature(draw: Draw, journal: Buffer, change: (sig: string) => string): Buffer {
  const records = recordsOf(journal);
  const places = records.flatMap((record, place) => (record.type === 'signature' ? [place] : []));
  if (places.length === 0) return journal;
  const place = draw.of([...places, places.at(-1) ?? 0]);
  const record = records[place] as Extract<JournalRecord, { type: 'signature' }>;
  return rechain(records.with(place, { ...record, sig: change(record.sig) }));
}

const OTHER_FORMS: readonly ((sig: string) => string)[] = [
  ...[64, 71, 76, 1_000_000].map((width) => (sig: string) => {
    const [head, ...rest] = sig.split('\n');
    const body =
      rest
        .slice(0, -2)
        .join('')
        .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
    return [head, ...body, ...rest.slice(-2)].join('\n');
  }),
  (sig) => sig.replaceAll('\n', '\r\n'),
  (sig) => sig.trimEnd(),
  (sig) => `${sig}\n`,
  (sig) => `\n${sig}`,
  (sig) => sig.replace('\n-----END', ' \n-----END'),
  (sig) => sig.toLowerCase(),
  // What the format reserves is not looked at by ssh-keygen.
  (sig) => {
    const { publicKey, namespace, hash, signature } = parseArmor(sig);
    const part = (bytes: Uint8Array | string) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, Buffer.from(bytes)]);
    };
    const parts = [part(publicKey), part(namespace), part('later'), part(hash), part(signature)];
    const blob = Buffer.concat([Buffer.from('SSHSIG\0\0\0\x01'), ...parts]);
    const body = blob.toString('base64').replace(/.{1,70}/g, '$&\n');
    return `-----BEGIN SSH SIGNATURE-----\n${body}-----END SSH SIGNATURE-----\n`;
  },
];

const now = () => Math.floor(Date.now() / 1000);

/** What can be wrong with a certificate, and what can be odd. */
const CERTIFICATES: readonly (() => Partial<CertificateRequest>)[] = [
  () => ({ keyId: 'run-2' }),
  () => ({ keyId: '' }),
  () => ({ principal: 'bob@ops' }),
  () => ({ principal: '' }),
  () => ({ principal: '*' }),
  () => ({ validAfter: now() + 3600, validBefore: now() + 7200 }),
  () => ({ validAfter: now() - 7200, validBefore: now() - 3600 }),
  () => ({ validAfter: 0, validBefore: now() + 10 }),
];

interface Oddness {
  namespace?: string;
  hash?: 'sha256' | 'sha512';
  by?: string;
  /** Signs other bytes than those before it. */
  less?: number;
  /** Another certificate in the signature than the part names. */
  unnamed?: boolean;
}

const SIGNATURES: readonly Oddness[] = [
  { namespace: 'git' },
  { namespace: 'rehearsal@tejun' },
  { hash: 'sha256' },
  { by: 'bob@ops' },
  { less: 1 },
  { unnamed: true },
];

/** A sealed journal that is right in everything but what is asked for; without it, a good one. */
function signedAnew(
  asked: { authority: PrivateKey; certifiedBy: PrivateKey; certificate?: Partial<CertificateRequest> } & Oddness,
): Buffer {
  const { authority, certifiedBy, certificate = {}, namespace = 'journal@tejun', hash = 'sha512', by = ALICE } = asked;
  const run = generateKeyPairSync('ed25519');
  const certify = () => {
    const body = certificateBody({
      ...{ runKey: encodePublicKey(run.publicKey), keyId: 'run-1', principal: ALICE, authority: authority.blob },
      ...{ validAfter: now() - 60, validBefore: now() + 3600 },
      ...certificate,
    });
    return certificateOf(body, signSsh(certifiedBy.key, body));
  };
  const named = certify();
  const held = asked.unnamed ? certify() : named;
  const records: JournalRecord[] = [];
  const put = (entry: Entry) =>
    records.push({ seq: 0, at: new Date(now() * 1000).toISOString(), mono: records.length, prev: '', ...entry });
  const sign = (final: boolean) => {
    const bytes = rechain(records);
    const digest = hash === 'sha512' ? digestOf(bytes.subarray(asked.less ?? 0)) : Buffer.from(hashLine(bytes), 'hex');
    const signature = signSsh(run.privateKey, signedData(namespace, hash, digest));
    const sig = armor({ publicKey: held, namespace, hash, signature });
    const { at, mono } = records.at(-1) as JournalRecord;
    records.push({
      ...{ seq: 0, at, mono, prev: '', type: 'signature', over: bytes.length, by, ns: 'journal@tejun', final, sig },
    });
  };
  put(begin());
  put({
    ...{ type: 'signer', source: 'agent', by, publicKey: formatPublicKey(authority.blob) },
    certificate: formatPublicKey(named),
  });
  sign(false);
  put({ type: 'note', text: 'nothing went wrong', by: ALICE });
  put(seal);
  sign(true);
  return rechain(records);
}
