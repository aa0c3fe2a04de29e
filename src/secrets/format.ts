import type { SecretFault } from '../problem-codes.ts';
import type { SecretFormat } from '../runbook/types.ts';
import { isCommonWord, mostEntropyBits } from './strength.ts';

/** Something that is wrong with a secret, said without quoting it: one with an error is not taken, a warning asks. */
export type Finding =
  | { level: 'error'; code: SecretFault; what: string }
  | { level: 'warning'; code: 'weak' | 'several-lines' | 'surrounding-space'; what: string };

/** What people leave in a template: `changeme`, `***`, `<your-key>`, `xxxx`, `TODO`. */
const PLACEHOLDER =
  /^(?:change[-_ ]?(?:me|it|this).*|replace[-_ ]?(?:me|this).*|your[-_ ].*|example|placeholder|dummy|secret|password|todo|tbd|none|null|undefined|(.)\1*|<.*>|\$\{.*\}|\{\{.*\}\}|.*(?:\*{3,}|…|\.{3,}$).*)$/i;

/**
 * Checks a secret against the runbook's `format` and against what is wrong with any secret. Pure.
 *
 * @returns what was found, errors first; empty when all is well
 */
export function checkSecret(bytes: Buffer, format: SecretFormat = {}): Finding[] {
  if (bytes.length === 0) return [error('empty', 'it is empty')];
  const text = decode(bytes);
  if (text === undefined) return [error('not-text', 'it is not UTF-8 text; give it as base64')];
  const findings = [...general(text, format), ...urlFindings(text, format), ...encodingFindings(text, format)];
  if (format.minLength !== undefined && [...text].length < format.minLength) {
    findings.push(error('too-short', `it is shorter than ${format.minLength} characters`));
  }
  if (format.minEntropy !== undefined && mostEntropyBits(text) < format.minEntropy) {
    findings.push(error('entropy', `it can be guessed: it has less than ${format.minEntropy} bits of chance`));
  }
  if (format.pattern !== undefined && !new RegExp(`^(?:${format.pattern})$`, 'su').test(text)) {
    findings.push(error('pattern', `it does not match the runbook's pattern ${format.pattern}`));
  }
  return findings.sort((one, other) => rank(one) - rank(other));
}

function general(text: string, { multiline = false }: SecretFormat): Finding[] {
  const findings: Finding[] = [];
  if (text.length < 4) findings.push(error('unmaskable', 'it is shorter than 4 characters and cannot be masked'));
  else if (text.length < 8)
    findings.push(warning('weak', 'it is shorter than 8 characters: masked only as a whole word'));
  if (PLACEHOLDER.test(text.trim())) findings.push(error('placeholder', 'it looks like a placeholder'));
  else if (isCommonWord(text)) {
    findings.push(
      error('common-word', 'it is a common word, which is guessed first; what is no secret is a value of the runbook'),
    );
  }
  if (!multiline && /[\r\n]./s.test(text)) findings.push(warning('several-lines', 'it has several lines'));
  if (text !== text.trim()) findings.push(warning('surrounding-space', 'it begins or ends with a blank or line break'));
  if (/[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(text.replaceAll('\r\n', '\n'))) {
    findings.push(error('control-characters', 'it holds control characters, perhaps from pasting'));
  }
  return findings;
}

function urlFindings(text: string, { url, forbidQuery = [], requireQuery = {} }: SecretFormat): Finding[] {
  const required = Object.entries(requireQuery);
  if (!url && forbidQuery.length === 0 && required.length === 0) return [];
  const [, scheme, rest] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(\S+)$/.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return [error('url', 'it is not a URL (scheme://…)')];
  const findings: Finding[] = [];
  if (url && !url.includes(scheme)) findings.push(error('url-scheme', `its scheme is not ${url.join(' or ')}`));
  if (!isParsable(text)) {
    findings.push(error('url-password', 'it cannot be parsed; / @ : ? # % in the password must be percent-encoded'));
  }
  const query = new URLSearchParams(/\?([^#]*)/.exec(rest)?.[1] ?? '');
  for (const name of forbidQuery) {
    if (query.has(name)) findings.push(error('query-forbidden', `its query must not have ${name}`));
  }
  for (const [name, value] of required) {
    if (query.get(name) !== value) findings.push(error('query-required', `its query must have ${name}=${value}`));
  }
  return findings;
}

/** psql answers each of these with a part of the password on standard error. */
function isParsable(text: string): boolean {
  const userinfo = /^[^/]*:\/\/(.*)@/s.exec(text.replace(/\?.*$/s, ''))?.[1] ?? '';
  if (/[/@?#\s]/.test(userinfo) || /%(?![0-9A-Fa-f]{2})/.test(text)) return false;
  if (userinfo.indexOf(':') !== userinfo.lastIndexOf(':')) return false;
  // PostgreSQL allows several hosts, the URL Standard one.
  const fromHost = text.replace(/^[^/]*:\/\//, '').slice(userinfo === '' ? 0 : userinfo.length + 1);
  return URL.canParse(`url://${fromHost.replace(/,[^/?#]*/, '')}`);
}

function encodingFindings(text: string, { base64, hex }: SecretFormat): Finding[] {
  const findings: Finding[] = [];
  if (base64 !== undefined) {
    const length = base64Length(text);
    if (length === undefined) findings.push(error('base64', 'it is not base64'));
    else if (length !== base64) findings.push(error('base64-length', `it is not base64 of exactly ${base64} bytes`));
  }
  if (hex !== undefined && !(/^(?:[0-9A-Fa-f]{2})+$/.test(text) && text.length >= 2 * hex)) {
    findings.push(error('hex', `it is not hexadecimal of at least ${hex} bytes`));
  }
  return findings;
}

/** How many bytes `text` stands for, in either alphabet; undefined when it is no base64. */
function base64Length(text: string): number | undefined {
  const [, digits = '', padding = ''] = /^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)(={0,2})$/.exec(text) ?? [];
  if (digits === '' || digits.length % 4 === 1) return undefined;
  if (padding !== '' && (digits.length + padding.length) % 4 !== 0) return undefined;
  return Math.floor((digits.length * 6) / 8);
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function rank(finding: Finding): number {
  return finding.level === 'error' ? 0 : 1;
}

function error(code: SecretFault, what: string): Finding {
  return { level: 'error', code, what };
}

function warning(code: Exclude<Finding['code'], SecretFault>, what: string): Finding {
  return { level: 'warning', code, what };
}
