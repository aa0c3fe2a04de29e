/**
 * Whether a signature is what it says: of these bytes, by the key that this part of the run names, in its hours. The
 * rules are those of `ssh-keygen -Y verify` for a certificate, and that nothing in its line is free. Pure.
 */
import { type Certificate, parseCertificate, refusesPrincipal } from './certificate.ts';
import { asBuffer, type ChainEnd, type Chained } from './chain.ts';
import { type JournalRecord, type Link, NAMESPACE, type RecordOf } from './records.ts';
import { fingerprint, formatPublicKey, parsePublicKey, verifySsh } from './ssh-key.ts';
import { packString } from './ssh-wire.ts';
import { armor, parseArmor, signedData } from './sshsig.ts';

/** Of a `signature` record, in its order. */
const FIELDS = 'seq,at,mono,prev,type,over,by,ns,final,sig';

/** A signature in its place. */
export interface Placed {
  line: Chained;
  /** The record before it: its place, and its type. */
  last: Link & { type: string };
  /** Size of the bytes before its line. */
  over: number;
}

export interface SignatureFault {
  verdict: 'bad-signature' | 'other-run';
  reason: string;
}

/** What a signature says of its maker, as soon as that can be read. */
export interface Signatory {
  by: string;
  ns: string;
  /** Seconds since 1970. */
  time: number;
  /** The key that vouches for the run key: in the SSH encoding, as one OpenSSH line, and its SHA256:… */
  authority: Buffer;
  publicKey: string;
  fingerprint: string;
}

export interface Checked {
  fault?: SignatureFault;
  signatory?: Signatory;
}

/** Checks the signatures of one part of a run: from its `signer` record to the next. */
export class SignatureChecker {
  readonly #run: string;
  readonly #ns: string;
  readonly #signer: RecordOf<'signer'>;
  /** The certificate that the part names; its genuineness is checked once. */
  readonly #named: Certificate | undefined;
  readonly #namedKey: KeyNames | undefined;
  /** What every good signature of the part begins and ends with, as it stands in its line. */
  readonly #frame: Frame | undefined;

  /** Who signs and what for, as it stands in every line of a signature. */
  readonly #claims: string;

  constructor(begin: RecordOf<'begin'>, signer: RecordOf<'signer'>) {
    this.#run = begin.run;
    this.#ns = begin.rehearsal === true ? NAMESPACE.rehearsal : NAMESPACE.real;
    this.#signer = signer;
    const blob = parsePublicKey(String(signer.certificate))?.blob;
    this.#named = blob && readCertificate(blob);
    this.#namedKey = this.#named && namesOf(this.#named);
    this.#frame = this.#named && blob && frameOf(blob, this.#ns);
    this.#claims = `"by":${JSON.stringify(signer.by)},"ns":"${this.#ns}",`;
  }

  /** Checks all of it; `digest` is the SHA-512 of the bytes before its line. */
  check(placed: Placed, digest: Uint8Array): Checked {
    const bad = (reason: string): SignatureFault => ({ verdict: 'bad-signature', reason });
    const record = placed.line.record() as RecordOf<'signature'>;
    if (!this.#isLine(record, placed)) return { fault: bad('its line says something else than what it must sign') };
    const seen: Checked = {};
    try {
      const sig = parseArmor(record.sig);
      const publicKey = formatPublicKey(sig.publicKey);
      const named = this.#named && publicKey === this.#signer.certificate;
      const certificate = named ? this.#named : parseCertificate(sig.publicKey);
      if (!certificate) return { fault: bad('its certificate cannot be read') };
      const signatory = this.#signatory(placed, namesOf(certificate));
      seen.signatory = signatory;
      if (certificate.keyId !== this.#run)
        seen.fault = { verdict: 'other-run', reason: `it was made for the run ${certificate.keyId}` };
      else if (!named) seen.fault = bad('it was made by another key than the one that this part of the run names');
      else if (sig.namespace !== this.#ns) seen.fault = bad(`it was made for the namespace ${sig.namespace}`);
      else {
        const refusal = refusalOf(certificate, signatory);
        const signed = signedData(this.#ns, sig.hash, digest);
        if (refusal) seen.fault = bad(refusal);
        else if (sig.hash !== 'sha512') seen.fault = bad(`its hash is ${sig.hash}, a journal uses sha512`);
        else if (!verifySsh(certificate.runKey, signed, sig.signature))
          seen.fault = bad('it is not a signature of these bytes');
      }
    } catch (error) {
      seen.fault = bad(error instanceof Error ? error.message : 'it cannot be read');
    }
    return seen;
  }

  /**
   * The line of a signature when all of it but the signature's own 64 bytes is what has to be there, told from its bytes: enough
   * for one that a later one of the same part covers, because then it is among the bytes that the later one signs.
   */
  foresee(bytes: Uint8Array, { seq, head: prev, bytes: over }: ChainEnd, last: Placed['last']): Chained | undefined {
    const frame = this.#frame;
    if (!frame || bytes.length < frame.length) return undefined;
    const found = asBuffer(bytes);
    const { begins, ends } = frame;
    const rest = found.length - ends.length;
    if (found.compare(ends, 0, ends.length, rest) !== 0) return undefined;
    const { at, mono } = last;
    const place = `{"seq":${seq},"at":${JSON.stringify(at)},"mono":${mono},"prev":"${prev}","type":"signature"`;
    const start = `${place},"over":${over},${this.#claims}"final":${last.type === 'seal'},"sig":"${begins}`;
    const claims = Buffer.from(start);
    if (found.length !== claims.length - begins.length + frame.length) return undefined;
    if (found.compare(claims, 0, claims.length, 0, claims.length) !== 0) return undefined;
    if (!ARMORED.test(found.toString('latin1', claims.length, rest))) return undefined;
    const record = () => JSON.parse(found.toString()) as JournalRecord;
    return { seq, at, mono, prev, type: 'signature', bytes, record };
  }

  /** Who made a signature that was foreseen, without its 64 bytes being computed. Undefined when anything is amiss; `check` says what. */
  skim(placed: Placed): Signatory | undefined {
    if (!this.#named || !this.#namedKey || this.#named.keyId !== this.#run) return undefined;
    const signatory = this.#signatory(placed, this.#namedKey);
    return refusalOf(this.#named, signatory) === undefined ? signatory : undefined;
  }

  #signatory({ last }: Placed, names: KeyNames): Signatory {
    return { by: this.#signer.by, ns: this.#ns, time: Math.floor(Date.parse(last.at) / 1000), ...names };
  }

  /**
   * A signature cannot sign its own line, so nothing in it may be free: everything but `sig` follows from what is signed.
   * A line has one form only, so the same fields in the same order are the same bytes.
   */
  #isLine(record: RecordOf<'signature'>, { last, over }: Placed): boolean {
    return (
      Object.keys(record).join() === FIELDS &&
      record.at === last.at &&
      record.mono === last.mono &&
      record.over === over &&
      record.by === this.#signer.by &&
      record.ns === this.#ns &&
      record.final === (last.type === 'seal') &&
      typeof record.sig === 'string'
    );
  }
}

/** The 64 bytes of a signature as they stand in a line: base64, with the ends of the armor's lines. */
const ARMORED = /^(?:[A-Za-z0-9+/=]|\\n)*$/;

/** What the signatures of one certificate have in common in their JSON: up to where they first differ, and after it. */
interface Frame {
  begins: string;
  ends: Buffer;
  /** Of all of it, with the end of the line. */
  length: number;
}

type KeyNames = Pick<Signatory, 'authority' | 'publicKey' | 'fingerprint'>;

function namesOf({ authority }: Certificate): KeyNames {
  return { authority, publicKey: formatPublicKey(authority), fingerprint: fingerprint(authority) };
}

function refusalOf(certificate: Certificate, { by, time }: Signatory): string | undefined {
  return Number.isNaN(time) ? 'its time cannot be read' : refusesPrincipal(certificate, by, time);
}

function readCertificate(blob: Buffer): Certificate | undefined {
  try {
    return parseCertificate(blob);
  } catch {
    return undefined;
  }
}

function frameOf(blob: Buffer, namespace: string): Frame {
  const [low = '', high = ''] = [0x00, 0xff].map((byte) => {
    const signature = Buffer.concat([packString('ssh-ed25519'), packString(Buffer.alloc(64, byte))]);
    return `${JSON.stringify(armor({ publicKey: blob, namespace, hash: 'sha512', signature })).slice(1)}}\n`;
  });
  let [same, after] = [0, 0];
  while (low[same] === high[same]) same++;
  while (low.at(-1 - after) === high.at(-1 - after)) after++;
  return { begins: low.slice(0, same), ends: Buffer.from(low.slice(low.length - after)), length: low.length };
}
