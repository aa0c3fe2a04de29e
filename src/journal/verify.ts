/**
 * What a journal proves. Every byte of a sealed one is either signed or follows from signed bytes: the chain binds
 * each line to the one before it, and the line of a signature can be rebuilt from what it signs.
 */
import { type AllowedSigner, findAllowed, parseAllowedSigners } from './allowed-signers.ts';
import { checkApproval, Requesters } from './approval.ts';
import type { Chained, Foresee } from './chain.ts';
import { linesOf } from './lines.ts';
import { PrefixHash } from './prefix-hash.ts';
import type { Receipt } from './receipt.ts';
import type { RecordOf } from './records.ts';
import { fromFile, notAJournal, unknownFormat } from './recover.ts';
import { isRevoked, parseRevoked } from './revoked-keys.ts';
import { type Placed, type Signatory, SignatureChecker } from './signature-check.ts';
import {
  GRAVITY,
  type SignaturePlace,
  type Verdict,
  type VerdictName,
  type VerifiedApproval,
  type VerifiedSigner,
} from './verdict.ts';
import { type Ending, walkChain } from './walk.ts';

export interface VerifyOptions {
  /** Content of an allowed_signers file. Without it the key can only vouch for itself. */
  allowedSigners?: string;
  /** Content of a file of revoked keys, one public key a line, as `ssh-keygen -Y verify -r` takes it. */
  revokedKeys?: string;
  receipt?: Receipt;
}

/**
 * Verifies the journal in `source` (its bytes, or the path of its file, read line by line). Throws a `Problem` when
 * there is no journal: `journal-not-found`, `not-a-journal`, `journal-format-unknown`.
 *
 * Of the signatures by one certificate only the last has to be computed: the others are among the bytes that it signs.
 * When that one is not good, or anything else about a signature is amiss, each is computed, to say where it begins.
 */
export function verifyJournal(source: Uint8Array | string, options: VerifyOptions = {}): Verdict {
  const verdict = walkThrough(source, new Verifier(options, 'last'));
  return verdict ?? (walkThrough(source, new Verifier(options, 'each')) as Verdict);
}

/** Undefined when each signature has to be computed. */
function walkThrough(source: Uint8Array | string, verifier: Verifier): Verdict | undefined {
  const walk = (lines: Iterable<Uint8Array>) =>
    walkChain(lines, (line, end) => verifier.add(line, end.head), verifier.foresee);
  const { end, ending } = typeof source === 'string' ? fromFile(source, walk) : walk(linesOf(source));
  const name = typeof source === 'string' ? source : 'journal';
  if (ending.kind === 'foreign' || !verifier.begin) throw notAJournal(name);
  if (!isReadable(verifier.begin)) throw unknownFormat(name);
  return verifier.conclude(verifier.begin, end, ending);
}

/** Records that name an operator of the run. */
const REQUESTING: ReadonlySet<string> = new Set(['begin', 'resumed', 'signer', 'screens']);

type Finding = { verdict: VerdictName; at: number; reason: string };

class Verifier {
  begin: RecordOf<'begin'> | undefined;
  readonly #compute: 'last' | 'each';
  readonly #allowed: readonly AllowedSigner[] | undefined;
  readonly #revoked: ReadonlySet<string>;
  readonly #receipt: Receipt | undefined;
  #receiptHead: string | undefined;
  #sha512 = new PrefixHash();
  #bytes = 0;
  #last: Chained | undefined;
  #signer: RecordOf<'signer'> | undefined;
  #checker: SignatureChecker | undefined;
  /** The line of a signature of which all but its own 64 bytes is what it has to be. */
  #foreseen: Chained | undefined;
  /** The last signature of the part so far, when it was not computed yet; the hash is marked where it stands. */
  #due: Placed | undefined;
  #seal: RecordOf<'seal'> | undefined;
  #good = 0;
  #lastGood = -1;
  #sealed = false;
  #findings: Finding[] = [];
  #signers = new Map<string, VerifiedSigner>();
  #signature: SignaturePlace | undefined;
  #identified: (Pick<Signatory, 'authority' | 'time' | 'by'> & { trusted: boolean }) | undefined;
  /** Hash of the first line, which an approval names. */
  #beginHead = '';
  readonly #requesters = new Requesters();
  #approvals: VerifiedApproval[] = [];

  constructor({ allowedSigners, revokedKeys, receipt }: VerifyOptions, compute: 'last' | 'each') {
    this.#compute = compute;
    this.#allowed = allowedSigners === undefined ? undefined : parseAllowedSigners(allowedSigners);
    this.#revoked = parseRevoked(revokedKeys ?? '');
    this.#receipt = receipt;
  }

  readonly foresee: Foresee = (bytes, end) => {
    const [checker, last] = [this.#checker, this.#last];
    this.#foreseen = this.#compute === 'last' && last ? checker?.foresee(bytes, end, last) : undefined;
    return this.#foreseen;
  };

  add(line: Chained, head: string): void {
    const { type } = line;
    if (REQUESTING.has(type)) this.#requesters.add(line.record());
    if (type === 'begin') {
      this.begin = line.record() as RecordOf<'begin'>;
      this.#beginHead = head;
    }
    if (type === 'signer') this.#openPart(line.record() as RecordOf<'signer'>);
    if (type === 'guard.satisfied') this.#checkGuard(line.record() as RecordOf<'guard.satisfied'>);
    if (type !== 'signature') this.#seal = type === 'seal' ? (line.record() as RecordOf<'seal'>) : undefined;
    this.#sealed = false;
    if (type === 'signature') this.#addSignature(line);
    if (line.seq + 1 === this.#receipt?.records) this.#receiptHead = head;
    this.#sha512.update(line.bytes);
    this.#bytes += line.bytes.length;
    this.#last = line;
  }

  #checkGuard(record: RecordOf<'guard.satisfied'>): void {
    const fault = record.guard === 'approve' ? this.#faultOfApproval(record) : undefined;
    if (fault) this.#find(record.seq, fault.verdict, `the approval: ${fault.reason}`);
  }

  #faultOfApproval({ seq, at, by, approval }: RecordOf<'guard.satisfied'>): Omit<Finding, 'at'> | undefined {
    if (!approval) return { verdict: 'bad-signature', reason: 'nobody signed it, and its guard asks for that' };
    const approved = { run: this.begin?.run ?? '', begin: this.#beginHead, plan: approval.plan };
    const time = Math.floor(Date.parse(at) / 1000);
    if (Number.isNaN(time)) return { verdict: 'bad-signature', reason: 'its time cannot be read' };
    const checked = checkApproval({ ...approval, by }, approved, this.#requesters, time);
    if (!checked.ok) return checked;
    const { publicKey, fingerprint } = checked.signatory;
    if (approval.publicKey !== publicKey || approval.fingerprint !== fingerprint)
      return { verdict: 'bad-signature', reason: 'it names another key than its signature' };
    const { trust, reason } = this.#trustIn(checked.signatory);
    this.#approvals.push({ seq, by, fingerprint, publicKey, trust });
    return reason === undefined ? undefined : { verdict: 'unknown-signer', reason };
  }

  #openPart(signer: RecordOf<'signer'>): void {
    this.#computeDue();
    this.#signer = signer;
    this.#checker = this.begin && new SignatureChecker(this.begin, signer);
  }

  #addSignature(line: Chained): void {
    const [checker, last] = [this.#checker, this.#last];
    if (!checker || !last) {
      this.#find(line.seq, 'bad-signature', 'there is no record that says who signs');
      return;
    }
    const placed: Placed = { line, last, over: this.#bytes };
    const skimmed = line === this.#foreseen ? checker.skim(placed) : undefined;
    this.#sha512.mark();
    if (skimmed) {
      this.#due = placed;
      this.#count(placed, skimmed);
      return;
    }
    const { fault, signatory } = checker.check(placed, this.#sha512.digestAtMark());
    if (signatory) this.#show(placed, signatory);
    if (fault) this.#find(line.seq, fault.verdict, fault.reason);
    else if (signatory) this.#count(placed, signatory);
  }

  #computeDue(): void {
    const due = this.#due;
    this.#due = undefined;
    if (!due || !this.#checker) return;
    const { fault } = this.#checker.check(due, this.#sha512.digestAtMark());
    if (fault) this.#find(due.line.seq, fault.verdict, fault.reason);
  }

  #find(at: number, verdict: VerdictName, reason: string): void {
    this.#findings.push({ verdict, at, reason });
  }

  #count(placed: Placed, signatory: Signatory): void {
    const { line, last } = placed;
    this.#show(placed, signatory);
    // An unknown signer's signature still covers what it covers: the verdict says what is wrong with it.
    this.#identify(line.seq, signatory);
    this.#good++;
    this.#lastGood = line.seq;
    this.#sealed = last.type === 'seal';
  }

  #identify(at: number, signatory: Signatory): void {
    const { by, publicKey, fingerprint, authority, time } = signatory;
    // The same key in the same second is trusted or it is not: journals are signed far more often than that changes.
    const before = this.#identified;
    if (before?.authority === authority && before.time === time && before.by === by && before.trusted) return;
    const { trust, reason } = this.#trustIn(signatory);
    const source = this.#signer?.source ?? 'none';
    this.#signers.set(`${by} ${fingerprint} ${trust}`, { by, fingerprint, publicKey, source, trust });
    if (reason !== undefined) this.#find(at, 'unknown-signer', reason);
    this.#identified = { authority, time, by, trusted: reason === undefined };
  }

  /** Whether the key is known to be whose it says; with the reason when it is not. */
  #trustIn({ by, ns: namespace, time, authority, fingerprint }: Signatory): {
    trust: VerifiedSigner['trust'];
    reason?: string;
  } {
    if (isRevoked(this.#revoked, authority))
      return { trust: 'revoked', reason: `the key ${fingerprint} of ${by} was revoked` };
    const found = this.#allowed && findAllowed(this.#allowed, { principal: by, authority, namespace, time });
    if (found === undefined) return { trust: 'self-declared' };
    return found.ok ? { trust: 'known' } : { trust: 'unknown', reason: found.reason };
  }

  /** Keeps the first bad signature, else the last one: what a reader will want to check with other tools. */
  #show({ line, last, over }: Placed, { by, ns, publicKey }: Signatory): void {
    if (this.#findings.length > 0) return;
    this.#signature = { seq: line.seq, over, by, ns, at: last.at, publicKey };
  }

  /** The verdict; undefined when a signature is not good, and not each one was computed. */
  conclude(
    begin: RecordOf<'begin'>,
    end: { seq: number; bytes: number; head: string },
    ending: Ending,
  ): Verdict | undefined {
    this.#computeDue();
    if (this.#compute === 'last' && this.#findings.length > 0) return undefined;
    const unsignedFrom = this.#lastGood + 1;
    const receipt = this.#checkReceipt(begin.run, end.seq);
    if (ending.kind === 'broken') this.#find(ending.at, 'chain-broken', ending.reason);
    if (ending.kind === 'torn') this.#find(end.seq, 'torn', `${ending.tail.length} bytes of it are there`);
    if (unsignedFrom < end.seq) this.#find(unsignedFrom, 'unsigned-tail', nobodySigned(unsignedFrom, end.seq));
    if (!this.#sealed) this.#find(end.seq - 1, 'unsealed', 'there is no seal');
    if (begin.rehearsal) this.#find(0, 'rehearsal', 'it was run against a platform of this machine');
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
      ...(this.#seal === undefined ? {} : { outcome: String(this.#seal.outcome) }),
      ...(this.#seal?.late ? { late: this.#seal.at } : {}),
      records: end.seq,
      bytes: end.bytes,
      head: end.head,
      signatures: this.#good,
      ...(unsignedFrom < end.seq ? { unsignedFrom } : {}),
      signers: [...this.#signers.values()],
      ...(this.#approvals.length > 0 ? { approvals: this.#approvals } : {}),
      ...(receipt ? { receipt } : {}),
      ...(this.#signature ? { signature: this.#signature } : {}),
    };
  }

  #checkReceipt(run: string, records: number): Verdict['receipt'] {
    const receipt = this.#receipt;
    if (!receipt) return undefined;
    if (receipt.run !== run) {
      this.#find(0, 'other-run', `the receipt is for the run ${receipt.run}`);
      return 'other-run';
    }
    if (this.#receiptHead === receipt.head) return 'fits';
    const older = records < receipt.records;
    const reason = older
      ? `the receipt was printed when there were ${receipt.records} records, here are ${records}`
      : `record ${receipt.records - 1} is not the one that the receipt was printed for`;
    this.#find(Math.min(records, receipt.records) - 1, 'older-than-receipt', reason);
    return older ? 'older' : 'differs';
  }
}

function nobodySigned(from: number, records: number): string {
  return from === records - 1 ? `nobody signed record ${from}` : `nobody signed records ${from} to ${records - 1}`;
}

/** Whether a `begin` record has what a verdict needs; the file is anybody's, so nothing is taken on trust. */
function isReadable(begin: RecordOf<'begin'>): boolean {
  const { format, run, rehearsal, environment, operator, runbook } = begin as Partial<RecordOf<'begin'>>;
  const texts = [run, environment, operator?.name, runbook?.title, runbook?.path, runbook?.digest];
  return format === 1 && typeof rehearsal === 'boolean' && texts.every((text) => typeof text === 'string');
}
