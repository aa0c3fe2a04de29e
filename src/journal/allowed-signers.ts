/**
 * allowed_signers files: which keys are known to be whose (ssh-keygen(1), ALLOWED SIGNERS), read and matched as
 * OpenSSH does it for certificates. Pure.
 */
import { type PublicKey, parsePublicKey } from './ssh-key.ts';

export interface AllowedSigner {
  /** 1-based. */
  line: number;
  /** Patterns, separated by commas. */
  principals: string;
  certAuthority: boolean;
  namespaces?: string;
  /** Seconds since 1970. */
  validAfter?: number;
  validBefore?: number;
  key: PublicKey;
}

/** The lines that can be read; as in OpenSSH, one that cannot be read allows nobody. */
export function parseAllowedSigners(text: string): AllowedSigner[] {
  return text.split('\n').flatMap((line, index) => parseLine(line.trim(), index + 1) ?? []);
}

const FIELDS = /^(?:"([^"]*)"|([^\s"]+))\s+(.+)$/;
const OPTION = /^([a-z-]+)(?:="([^"]*)")?(?:,|\s+)/i;

function parseLine(text: string, line: number): AllowedSigner | undefined {
  if (text === '' || text.startsWith('#')) return undefined;
  const [, quoted, plain, after] = FIELDS.exec(text) ?? [];
  const principals = quoted ?? plain;
  if (!principals || after === undefined) return undefined;
  const signer: Omit<AllowedSigner, 'key'> = { line, principals, certAuthority: false };
  let rest = after;
  for (;;) {
    const key = parsePublicKey(rest);
    if (key) return { ...signer, key };
    const [option, name, value] = OPTION.exec(rest) ?? [];
    if (!option || !name || !setOption(signer, name.toLowerCase(), value)) return undefined;
    rest = rest.slice(option.length);
  }
}

function setOption(signer: Omit<AllowedSigner, 'key'>, name: string, value: string | undefined): boolean {
  if (name === 'cert-authority' && value === undefined) {
    signer.certAuthority = true;
    return true;
  }
  if (value === undefined) return false;
  if (name === 'namespaces') {
    signer.namespaces = value;
    return true;
  }
  const time = parseTime(value);
  if (time === undefined) return false;
  if (name === 'valid-after') signer.validAfter = time;
  else if (name === 'valid-before') signer.validBefore = time;
  else return false;
  return true;
}

/** `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, local unless it ends in Z. */
function parseTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, utc] =
    /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z)?$/.exec(text) ?? [];
  if (!year) return undefined;
  const iso = `${year}-${month}-${day}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}${utc ?? ''}`;
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : time / 1000;
}

/** Who signed: the principal, the operator's key (SSH encoding) that certified the run key, when, and for what. */
export interface Claim {
  principal: string;
  authority: Uint8Array;
  namespace: string;
  /** Seconds since 1970. */
  time: number;
}

export type Allowed = { ok: true; line: number } | { ok: false; reason: string };

/** The first line that allows the claim; else why the nearest one does not. */
export function findAllowed(signers: readonly AllowedSigner[], claim: Claim): Allowed {
  let reason = `no line of the allowed_signers file is for ${claim.principal} with this key`;
  for (const signer of signers) {
    if (!matchList(claim.principal, signer.principals)) continue;
    if (!signer.key.blob.equals(claim.authority)) continue;
    const refusal = refuses(signer, claim);
    if (refusal === undefined) return { ok: true, line: signer.line };
    reason = `line ${signer.line} of the allowed_signers file ${refusal}`;
  }
  return { ok: false, reason };
}

function refuses(signer: AllowedSigner, { namespace, time }: Claim): string | undefined {
  if (!signer.certAuthority) return 'lacks the word cert-authority, which keys that certify run keys need';
  if (signer.namespaces !== undefined && !matchList(namespace, signer.namespaces))
    return `does not allow the namespace ${namespace}`;
  if (signer.validAfter !== undefined && time < signer.validAfter) return 'was not valid yet at the time of the run';
  if (signer.validBefore !== undefined && time > signer.validBefore) return 'had expired at the time of the run';
  return undefined;
}

/** OpenSSH's match_pattern_list: one pattern must match, and no negated one may. */
function matchList(text: string, patterns: string): boolean {
  let matched = false;
  for (const pattern of patterns.split(',')) {
    const negated = pattern.startsWith('!');
    if (!matches(text, negated ? pattern.slice(1) : pattern)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function matches(text: string, pattern: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (char) =>
    char === '*' ? '.*' : char === '?' ? '.' : `\\${char}`,
  );
  return new RegExp(`^${source}$`, 's').test(text);
}
