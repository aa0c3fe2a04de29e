/**
 * The word of stock tools on a journal, made anew from docs/journal.md and docs/verify.sh and from nothing of src/: the
 * chain with SHA-256 and JSON, the line of a signature by what it follows, and the signature by the system's ssh-keygen.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Fields = Readonly<Record<string, unknown>>;

/** A line of a journal that can be read. */
interface Line {
  fields: Fields;
  /** Where it begins. */
  start: number;
}

export interface StockReading {
  /** Every line is one record in its one form, numbered, and follows from the one before it; the last is a whole line. */
  chained: boolean;
  /** The first record is the `begin` of a journal of format 1. */
  isJournal: boolean;
  lines: readonly (Line | undefined)[];
  /** The places of the `signature` records, in their order. */
  signatures: readonly number[];
}

/** Reads the journal and walks its chain. */
export function readWithStockTools(journal: Buffer): StockReading {
  const lines: (Line | undefined)[] = [];
  let chained = journal.at(-1) === 0x0a;
  let prev = '0'.repeat(64);
  for (let start = 0; start < journal.length; ) {
    const newline = journal.indexOf(0x0a, start);
    const end = newline < 0 ? journal.length : newline + 1;
    const bytes = journal.subarray(start, end);
    const fields = parsed(bytes.toString());
    const inPlace = fields?.['seq'] === lines.length && fields['prev'] === prev && hasPlace(fields);
    if ((fields?.['type'] === 'begin') !== (lines.length === 0)) chained = false;
    if (!inPlace || !Buffer.from(`${JSON.stringify(fields)}\n`).equals(bytes)) chained = false;
    lines.push(fields && { fields, start });
    prev = createHash('sha256').update(bytes).digest('hex');
    start = end;
  }
  const signatures = lines.flatMap((line, place) => (line?.fields['type'] === 'signature' ? [place] : []));
  return { chained, isJournal: isBeginOfFormat1(lines[0]?.fields), lines, signatures };
}

/** Each record has these, whatever else it is. */
function hasPlace({ at, mono, type }: Fields): boolean {
  return typeof at === 'string' && typeof mono === 'number' && typeof type === 'string';
}

function isBeginOfFormat1(begin: Fields | undefined): boolean {
  const { format, run, rehearsal, environment, operator, runbook } = (begin ?? {}) as Record<string, unknown>;
  const { name } = (operator ?? {}) as Fields;
  const { title, path, digest } = (runbook ?? {}) as Fields;
  const texts = [run, environment, name, title, path, digest];
  return format === 1 && typeof rehearsal === 'boolean' && texts.every((text) => typeof text === 'string');
}

function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** The one form of an armored signature: lines of 70, and no spare bits at the end. */
const ARMORED =
  /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/]{70}\n)*([A-Za-z0-9+/]{1,70}|[A-Za-z0-9+/]{0,68}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/]{0,67}[AQgw]==|[A-Za-z0-9+/]{0,69}=\n=)\n-----END SSH SIGNATURE-----\n$/;

/**
 * Whether the signature at `place` says nothing but what follows from the record before it and from the first one. Its
 * bytes are ssh-keygen's to judge; whose they are, and for which run, is `isOfPart`'s.
 */
export function followsFromWhatItSigns({ lines }: StockReading, place: number): boolean {
  const [line, before, first] = [lines[place], lines[place - 1], lines[0]];
  const signer = signerOf(lines, place);
  if (!line || !before || !first || !signer) return false;
  const { seq, at, mono, prev, type, over, by, ns, final, sig, ...others } = line.fields;
  return (
    Object.keys(others).length === 0 &&
    Object.keys(line.fields).join() === 'seq,at,mono,prev,type,over,by,ns,final,sig' &&
    type === 'signature' &&
    seq === place &&
    typeof prev === 'string' &&
    at === before.fields['at'] &&
    mono === before.fields['mono'] &&
    over === line.start &&
    by === signer['by'] &&
    ns === (first.fields['rehearsal'] === true ? 'rehearsal@tejun' : 'journal@tejun') &&
    final === (before.fields['type'] === 'seal') &&
    typeof sig === 'string' &&
    ARMORED.test(sig)
  );
}

function signerOf(lines: StockReading['lines'], place: number): Fields | undefined {
  return lines.slice(0, place).findLast((line) => line?.fields['type'] === 'signer')?.fields;
}

/** A signature to be judged by ssh-keygen. */
export interface Question {
  journal: Buffer;
  reading: StockReading;
  place: number;
}

/**
 * `ssh-keygen -Y verify` of each signature, by the command of docs/verify.sh: whether it says Good. One shell starts them
 * all, because Node takes longer to start a process than ssh-keygen to judge.
 *
 * @param scratch a directory for what is asked; no other call uses it meanwhile
 */
export async function sshKeygenAccepts(
  questions: readonly Question[],
  allowed: string,
  scratch: string,
): Promise<boolean[]> {
  const lines = questions.map(({ journal, reading, place }, number) => {
    const { fields, start } = reading.lines[place] ?? { fields: {}, start: 0 };
    const time = new Date(String(fields['at']));
    const stamp = Number.isNaN(time.getTime()) ? '' : time.toISOString().replace(/\.\d+Z$|[-:T]/g, '');
    const [sig, bytes] = [join(scratch, `${number}.sig`), join(scratch, `${number}.bytes`)];
    writeFileSync(sig, String(fields['sig']));
    writeFileSync(bytes, journal.subarray(0, start));
    const who = `-I ${quoted(String(fields['by']))} -n ${quoted(String(fields['ns']))} -Overify-time=${stamp}`;
    const check = `ssh-keygen -Y verify -f ${quoted(allowed)} ${who} -s ${quoted(sig)} < ${quoted(bytes)}`;
    return `${check} > /dev/null 2>&1; echo $?`;
  });
  const said = (await shell(`${lines.join('\n')}\n`)).trim().split('\n');
  if (questions.length > 0 && said.length !== questions.length) throw new Error(`${said.length} answers`);
  return questions.map((_, number) => said[number] === '0');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** What a POSIX shell prints that is given these lines. */
function shell(lines: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], TZ: 'UTC' } });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.once('error', reject);
    child.once('close', () => resolve(said));
    child.stdin.end(lines);
  });
}

/**
 * Whether the signature has the one form that a journal uses, which ssh-keygen does not insist on: by the certificate that
 * the part names, nothing in the reserved field, over a SHA-512 (PROTOCOL.sshsig); and whether that certificate is for this
 * run (its key id, PROTOCOL.certkeys).
 */
export function isOfPart({ lines }: StockReading, place: number): boolean {
  const { sig, ns } = lines[place]?.fields ?? {};
  const certificate = Buffer.from(String(signerOf(lines, place)?.['certificate']).split(' ')[1] ?? '', 'base64');
  const blob = Buffer.from(String(sig).split('\n').slice(1, -2).join(''), 'base64');
  const frame = Buffer.concat([
    Buffer.from('SSHSIG\0\0\0\x01'),
    ...[certificate, Buffer.from(String(ns)), Buffer.alloc(0), Buffer.from('sha512')].map(packed),
  ]);
  return blob.subarray(0, frame.length).equals(frame) && keyIdOf(certificate) === lines[0]?.fields['run'];
}

function packed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** What follows the type, the nonce, the key, the serial number (8 bytes) and the kind (4 bytes) of a certificate. */
function keyIdOf(certificate: Buffer): string | undefined {
  let at = 0;
  const string = (): string => {
    const length = certificate.readUInt32BE(at);
    at += 4 + length;
    return certificate.subarray(at - length, at).toString();
  };
  try {
    for (let skipped = 0; skipped < 3; skipped++) string();
    at += 8 + 4;
    return string();
  } catch {
    return undefined;
  }
}
