/** The shell lines that prove a signature of a journal without tejun: for auditors, and for whoever doubts tejun. Pure. */
import { resolve } from 'node:path';
import { shellQuote } from '../exec/quote.ts';
import type { Verdict } from '../journal/verdict.ts';

export interface StockProof {
  /** With jq and ssh-keygen. */
  jq: readonly string[];
  /** With head, tail, sed, printf and ssh-keygen only. */
  sed: readonly string[];
}

/** What can stand in an allowed_signers file and in a command line, whoever wrote the journal. */
const SAFE_PRINCIPAL = /^[^\s,"'`$\\*?!#\p{C}]+$/u;
const SAFE_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*$/;

/**
 * The lines for the signature that `verdict` rests on, to be pasted into a POSIX shell: they end in ssh-keygen's
 * "Good" or in its refusal. Undefined when there is no signature that could be checked.
 *
 * @param file the journal
 * @param allowedSigners the file that says whose key it is; without one the journal's own word is written into one
 * @param revokedKeys the file of keys that are nobody's any more
 */
export function stockProof(
  verdict: Verdict,
  file: string,
  allowedSigners?: string,
  revokedKeys?: string,
): StockProof | undefined {
  const { signature } = verdict;
  if (!signature || !SAFE_PRINCIPAL.test(signature.by) || !SAFE_KEY.test(signature.publicKey)) return undefined;
  const time = Date.parse(signature.at);
  if (Number.isNaN(time)) return undefined;
  const stamp = new Date(time)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '');
  const record = signature.seq === verdict.records - 1 ? 'tail -n1 "$j"' : `sed -n ${signature.seq + 1}p "$j"`;
  const line = `${signature.by} cert-authority,namespaces="${signature.ns}" ${signature.publicKey}`;
  const prepare = [`j=${shellQuote(resolve(file))}; d=$(mktemp -d)`];
  if (allowedSigners === undefined) prepare.push(`printf '%s\\n' ${shellQuote(line)} > "$d/allowed_signers"`);
  const trusted = allowedSigners === undefined ? '"$d/allowed_signers"' : shellQuote(resolve(allowedSigners));
  const identity = `-I ${shellQuote(signature.by)} -n ${shellQuote(signature.ns)} -Overify-time=${stamp}`;
  // TZ instead of a Z behind the time: older versions of OpenSSH read only local time.
  const revocation = revokedKeys === undefined ? '' : ` -r ${shellQuote(resolve(revokedKeys))}`;
  const check = `TZ=UTC ssh-keygen -Y verify -f ${trusted} ${identity}${revocation} -s "$d/sig"`;
  return {
    jq: [...prepare, `${record} | jq -r .sig > "$d/sig"`, `head -c "$(${record} | jq .over)" "$j" | ${check}`],
    sed: [
      ...prepare,
      `printf '%b' "$(${record} | sed 's/.*"sig":"\\([^"]*\\)".*/\\1/')" > "$d/sig"`,
      `head -c "$(${record} | sed 's/.*"over":\\([0-9]*\\).*/\\1/')" "$j" | ${check}`,
    ],
  };
}
