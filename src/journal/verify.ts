/**
 * What a journal proves. Every byte of a sealed one is either signed or follows from signed bytes: the chain binds
 * each line to the one before it, and the line of a signature can be rebuilt from what it signs.
 */
import { createHash } from 'node:crypto';
import { type AllowedSigner, findAllowed, parseAllowedSigners } from './allowed-signers.ts';
import { parseCertificate, refusesPrincipal } from './certificate.ts';
import { serialise } from './chain.ts';
import { linesOf } from './lines.ts';
import type { Receipt } from './receipt.ts';
import { type JournalRecord, NAMESPACE, type RecordOf } from './records.ts';
import { fromFile, notAJournal, unknownFormat } from './recover.ts';
import { fingerprint, formatPublicKey, verifySsh } from './ssh-key.ts';
import { parseArmor, signedData } from './sshsig.ts';
import { GRAVITY, type SignaturePlace, type Verdict, type VerdictName, type VerifiedSigner } from './verdict.ts';
import { type Ending, walkChain } from './walk.ts';

export interface VerifyOptions {
  /** Content of an allowed_signers file. Without it the key can only vouch for itself. */
  allowedSigners?: string;
  receipt?: Receipt;
}

/**
 * Verifies the journal in `source` (its bytes, or the path of its file, read line by line). Throws a `Problem` when
 * there is no journal: `journal-not-found`, `not-a-journal`, `journal-format-unknown`.
 */
export function verifyJournal(source: Uint8Array | string, options: VerifyOptions = {}): Verdict {
  const verifier = new Verifier(options);
  const walk = (lines: Iterable<Uint8Array>) =>
    walkChain(lines, (record, line, end) => verifier.add(record, line, end.head));
  const { end, ending } = typeof source === 'string' ? fromFile(source, walk) : walk(linesOf(source));
  const name = typeof source === 'string' ? source : 'journal';
  if (ending.kind === 'foreign' || !verifier.begin) throw notAJournal(name);
  if (!isReadable(verifier.begin)) throw unknownFormat(name);
  return verifier.conclude(verifier.begin, end, ending);
}

type Finding = { verdict: VerdictName; at: number; reason: string };

class Verifier {
  begin: RecordOf<'begin'> | undefined;
  #allowed: readonly AllowedSigner[] | undefined;
  #receipt: Receipt | undefined;
  #receiptHead: string | undefined;
  #sha512 = createHash('sha512');
  #bytes = 0;
  #last: JournalRecord | undefined;
  #signer: RecordOf<'signer'> | undefined;
  #outcome: string | undefined;
  #good = 0;
  #lastGood = -1;
  #sealed = false;
  #findings: Finding[] = [];
  #signers = new Map<string, VerifiedSigner>();
  #signature: SignaturePlace | undefined;

  constructor({ allowedSigners, receipt }: VerifyOptions) {
    this.#allowed = allowedSigners === undefined ? undefined : parseAllowedSigners(allowedSigners);
    this.#receipt = receipt;
  }

  add(record: JournalRecord, line: Uint8Array, head: string): void {
    if (record.type === 'begin') this.begin = record;
    if (record.type === 'signer') this.#signer = record;
    if (record.type !== 'signature') this.#outcome = record.type === 'seal' ? String(record.outcome) : undefined;
    this.#sealed = false;
    if (record.type === 'signature') this.#addSignature(record, line);
    if (record.seq + 1 === this.#receipt?.records) this.#receiptHead = head;
    this.#sha512.update(line);
    this.#bytes += line.length;
    this.#last = record;
  }

  #addSignature(record: RecordOf<'signature'>, line: Uint8Array): void {
    const finding = this.#checkSignature(record, line);
    if (finding) {
      this.#findings.push({ at: record.seq, ...finding });
      // An unknown signer's signature still covers what it covers: the verdict says what is wrong with it.
      if (finding.verdict !== 'unknown-signer') return;
    }
    this.#good++;
    this.#lastGood = record.seq;
    this.#sealed = record.final;
  }

  #checkSignature(record: RecordOf<'signature'>, line: Uint8Array): Omit<Finding, 'at'> | undefined {
    const bad = (reason: string) => ({ verdict: 'bad-signature', reason }) as const;
    const [begin, signer, last] = [this.begin, this.#signer, this.#last];
    if (!begin || !last || !signer) return bad('there is no record that says who signs');
    const ns = begin.rehearsal === true ? NAMESPACE.rehearsal : NAMESPACE.real;
    const final = last.type === 'seal';
    const entry = { type: 'signature', over: this.#bytes, by: signer.by, ns, final, sig: record.sig } as const;
    const expected = serialise(entry, { seq: record.seq, at: last.at, mono: last.mono, prev: record.prev });
    if (!Buffer.from(expected).equals(line)) return bad('its line says something else than what it must sign');
    try {
      const sig = parseArmor(record.sig);
      const certificate = parseCertificate(sig.publicKey);
      const publicKey = formatPublicKey(certificate.authority);
      const time = Math.floor(Date.parse(last.at) / 1000);
      this.#show({ seq: record.seq, over: this.#bytes, by: signer.by, ns, at: last.at, publicKey });
      if (certificate.keyId !== begin.run)
        return { verdict: 'other-run', reason: `it was made for the run ${certificate.keyId}` };
      if (formatPublicKey(sig.publicKey) !== signer.certificate)
        return bad('it was made by another key than the one that this part of the run names');
      if (sig.namespace !== ns) return bad(`it was made for the namespace ${sig.namespace}`);
      const refusal = Number.isNaN(time) ? 'its time cannot be read' : refusesPrincipal(certificate, signer.by, time);
      if (refusal) return bad(refusal);
      const signed = signedData(ns, sig.hash, this.#digest(sig.hash));
      if (!verifySsh(certificate.runKey, signed, sig.signature)) return bad('it is not a signature of these bytes');
      return this.#identify({ by: signer.by, publicKey, source: signer.source }, certificate.authority, ns, time);
    } catch (error) {
      return bad(error instanceof Error ? error.message : 'it cannot be read');
    }
  }

  #digest(hash: string): Buffer {
    if (hash !== 'sha512') throw new Error(`its hash is ${hash}, a journal uses sha512`);
    return this.#sha512.copy().digest();
  }

  #identify(
    who: Pick<VerifiedSigner, 'by' | 'publicKey' | 'source'>,
    authority: Buffer,
    namespace: string,
    time: number,
  ): Omit<Finding, 'at'> | undefined {
    const found = this.#allowed && findAllowed(this.#allowed, { principal: who.by, authority, namespace, time });
    const trust = found === undefined ? 'self-declared' : found.ok ? 'known' : 'unknown';
    const print = fingerprint(authority);
    this.#signers.set(`${who.by} ${print} ${trust}`, { ...who, fingerprint: print, trust });
    return found?.ok === false ? { verdict: 'unknown-signer', reason: found.reason } : undefined;
  }

  /** Keeps the first bad signature, else the last one: what a reader will want to check with other tools. */
  #show(place: SignaturePlace): void {
    if (this.#findings.length === 0) this.#signature = place;
  }

  conclude(begin: RecordOf<'begin'>, end: { seq: number; bytes: number; head: string }, ending: Ending): Verdict {
    const unsignedFrom = this.#lastGood + 1;
    const receipt = this.#checkReceipt(begin.run, end.seq);
    if (ending.kind === 'broken')
      this.#findings.push({ verdict: 'chain-broken', at: ending.at, reason: ending.reason });
    if (ending.kind === 'torn')
      this.#findings.push({ verdict: 'torn', at: end.seq, reason: `${ending.tail.length} bytes of it are there` });
    if (unsignedFrom < end.seq) this.#findings.push(this.#unsigned(unsignedFrom, end.seq));
    if (!this.#sealed) this.#findings.push({ verdict: 'unsealed', at: end.seq - 1, reason: 'there is no seal' });
    if (begin.rehearsal)
      this.#findings.push({ verdict: 'rehearsal', at: 0, reason: 'it was run against a platform of this machine' });
    const gravest = GRAVITY.map((name) => this.#findings.find(({ verdict }) => verdict === name)).find(Boolean);
    return {
      verdict: gravest?.verdict ?? 'sealed',
      ...(gravest ? { at: gravest.at, reason: gravest.reason } : {}),
      run: begin.run,
      rehearsal: begin.rehearsal,
      runbook: begin.runbook,
      environment: begin.environment,
      operator: begin.operator.name,
      begun: begin.at,
      ended: this.#last?.at ?? begin.at,
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
      records: end.seq,
      bytes: end.bytes,
      head: end.head,
      signatures: this.#good,
      ...(unsignedFrom < end.seq ? { unsignedFrom } : {}),
      signers: [...this.#signers.values()],
      ...(receipt ? { receipt } : {}),
      ...(this.#signature ? { signature: this.#signature } : {}),
    };
  }

  #unsigned(from: number, records: number): Finding {
    const which = from === records - 1 ? `record ${from}` : `records ${from} to ${records - 1}`;
    return { verdict: 'unsigned-tail', at: from, reason: `nobody signed ${which}` };
  }

  #checkReceipt(run: string, records: number): Verdict['receipt'] {
    const receipt = this.#receipt;
    if (!receipt) return undefined;
    if (receipt.run !== run) {
      this.#findings.push({ verdict: 'other-run', at: 0, reason: `the receipt is for the run ${receipt.run}` });
      return 'other-run';
    }
    if (this.#receiptHead === receipt.head) return 'fits';
    const older = records < receipt.records;
    const reason = older
      ? `the receipt was printed when there were ${receipt.records} records, here are ${records}`
      : `record ${receipt.records - 1} is not the one that the receipt was printed for`;
    this.#findings.push({ verdict: 'older-than-receipt', at: Math.min(records, receipt.records) - 1, reason });
    return older ? 'older' : 'differs';
  }
}

/** Whether a `begin` record has what a verdict needs; the file is anybody's, so nothing is taken on trust. */
function isReadable(begin: RecordOf<'begin'>): boolean {
  const { format, run, rehearsal, environment, operator, runbook } = begin as Partial<RecordOf<'begin'>>;
  const texts = [run, environment, operator?.name, runbook?.title, runbook?.path, runbook?.digest];
  return format === 1 && typeof rehearsal === 'boolean' && texts.every((text) => typeof text === 'string');
}
