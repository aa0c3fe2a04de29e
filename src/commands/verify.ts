import { existsSync, readFileSync } from 'node:fs';
import { parseReceipt, type Receipt } from '../journal/receipt.ts';
import type { Verdict, VerdictName } from '../journal/verdict.ts';
import { verifyJournal } from '../journal/verify.ts';
import { visible } from '../journal/visible.ts';
import type { Locale } from '../locale/types.ts';
import { type Explanation, VERDICT_MESSAGES } from '../locale/verdicts/index.ts';
import { EXIT, type ExitCode, Problem } from '../problem.ts';
import { allowedSignersPath, revokedKeysPath } from '../state-directory.ts';
import { stockProof } from './stock-proof.ts';

export interface VerifyRequest {
  file: string;
  /** Path of an allowed_signers file; default `allowed_signers` in tejun's state directory, when it is there. */
  allowedSigners?: string;
  /** Path of a file of revoked keys; default `revoked_keys` in tejun's state directory, when it is there. */
  revokedKeys?: string;
  /** The receipt's line, or the path of a file that holds it. */
  receipt?: string;
  /** A sealed rehearsal is what is expected: it exits with 0. */
  rehearsal?: boolean;
  json?: boolean;
  /** Says besides what the verdict means, what it proves and does not, and what to do, in this language. */
  explain?: Locale;
  env?: Readonly<Record<string, string | undefined>>;
}

const EXITS: Readonly<Record<VerdictName, ExitCode>> = {
  sealed: EXIT.done,
  rehearsal: EXIT.rehearsalJournal,
  unsealed: EXIT.unsealed,
  'unsigned-tail': EXIT.unsignedTail,
  torn: EXIT.torn,
  'chain-broken': EXIT.chainBroken,
  'bad-signature': EXIT.badSignature,
  'unknown-signer': EXIT.unknownSigner,
  'other-run': EXIT.otherRun,
  'older-than-receipt': EXIT.olderThanReceipt,
};

/**
 * Says what the journal in `file` proves. Gives the text for standard output (a newline at its end) and the exit code.
 * Throws a `Problem` when there is no journal to verify, or an argument cannot be used (`allowed-signers-not-readable`,
 * `bad-receipt`).
 */
export function verifyCommand(request: VerifyRequest): { text: string; exit: ExitCode } {
  const trusted = allowedSignersFile(request);
  const revoked = revokedKeysFile(request);
  const receipt = request.receipt === undefined ? undefined : readReceipt(request.receipt);
  const verdict = verifyJournal(request.file, {
    ...(trusted === undefined ? {} : { allowedSigners: readKeys(trusted) }),
    ...(revoked === undefined ? {} : { revokedKeys: readKeys(revoked) }),
    ...(receipt === undefined ? {} : { receipt }),
  });
  const exit = request.rehearsal && verdict.verdict === 'rehearsal' ? EXIT.done : EXITS[verdict.verdict];
  const proof = stockProof(verdict, request.file, trusted, revoked);
  const explanation = request.explain && explained(verdict, request.explain);
  if (request.json) return { text: `${JSON.stringify({ ...verdict, exit, proof, explanation }, null, 2)}\n`, exit };
  const parts = [headline(verdict), details(verdict)];
  if (request.explain && explanation) parts.push(explanationText(verdict, explanation, request.explain));
  if (proof) {
    parts.push(['The same proof without tejun:', '', ...proof.jq].join('\n'));
    parts.push(['Without jq:', '', ...proof.sed].join('\n'));
  }
  return { text: `${parts.join('\n\n')}\n`, exit };
}

function allowedSignersFile({ allowedSigners, env = process.env }: VerifyRequest): string | undefined {
  if (allowedSigners !== undefined) return allowedSigners;
  const own = allowedSignersPath(env);
  return existsSync(own) ? own : undefined;
}

function revokedKeysFile({ revokedKeys, env = process.env }: VerifyRequest): string | undefined {
  if (revokedKeys !== undefined) return revokedKeys;
  const own = revokedKeysPath(env);
  return existsSync(own) ? own : undefined;
}

function readKeys(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Problem(
      {
        code: 'allowed-signers-not-readable',
        what: `The file of keys cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'error'}).`,
        where: { file: path },
        means: 'Nothing was verified: without it nobody is known.',
        next: [
          'Give the path of a file with lines like: alice@ops cert-authority,namespaces="journal@tejun" ssh-ed25519 …',
        ],
      },
      EXIT.usage,
      { cause },
    );
  }
}

function readReceipt(given: string): Receipt {
  return parseReceipt(!given.includes('tejun-receipt') && existsSync(given) ? readFileSync(given, 'utf8') : given);
}

/** The verdict in one line, and what it means. */
function headline(verdict: Verdict): string {
  const { at, reason = '' } = verdict;
  const place = at === undefined ? '' : ` at record ${at}`;
  const self = verdict.signers.some(({ trust }) => trust === 'self-declared');
  const says: Record<VerdictName, [string, ...string[]]> = {
    sealed: [
      '✔ SEALED',
      'Every byte of this journal is as it was when the run was sealed, and nothing is missing at its end.',
    ],
    rehearsal: [
      '✖ REHEARSAL',
      'It is sealed and whole, but it was a rehearsal: it proves nothing of a real environment.',
      'When a rehearsal is what you expect: --rehearsal',
    ],
    unsealed: [
      '✖ UNSEALED',
      'All that is here is signed, but the run did not end: it still goes on, it stopped, or its end was cut off.',
      'Go on with it (tejun resume), or compare it with the receipt (--receipt).',
    ],
    'unsigned-tail': [
      `✖ UNSIGNED TAIL${place}: ${reason}`,
      verdict.signatures === 0
        ? 'No record is signed: anybody could have written this journal.'
        : `The records before ${at} are signed and as they were. Anybody could have written the others.`,
    ],
    torn: [
      `✖ TORN${place}: ${reason}`,
      `The last line is incomplete, as a crash or a power cut leaves it. The ${verdict.records} records before it are whole.`,
      'tejun resume keeps the incomplete line aside and goes on.',
    ],
    'chain-broken': [
      `✖ CHAIN BROKEN${place}: ${reason}`,
      'The file was damaged, or changed, after it was written. Nothing from this record on can be relied upon.',
      'Keep it as it is and compare it with a copy.',
    ],
    'bad-signature': [
      `✖ BAD SIGNATURE${place}: ${reason}`,
      'The bytes before it are not what the holder of the key signed, or it was not the holder of the key who signed.',
    ],
    'unknown-signer': [
      `✖ UNKNOWN SIGNER${place}: ${reason}`,
      'The signatures are good, but you do not know the key that made them: anybody can have a key.',
      "If it is a colleague's, add it to your allowed_signers file after comparing its fingerprint with him or her.",
    ],
    'other-run': [`✖ OTHER RUN${place}: ${reason}`, 'What was compared belongs to another run than this journal.'],
    'older-than-receipt': [
      `✖ OLDER THAN RECEIPT${place}: ${reason}`,
      verdict.receipt === 'older'
        ? 'This is an older copy, or its end was cut off: what happened afterwards is missing.'
        : 'The journal was written anew after the receipt was printed: it is not the one that the receipt speaks of.',
    ],
  };
  const warning = self
    ? ['The key vouches for itself: nothing here says whose it is. Compare its fingerprint, or give --allowed-signers.']
    : [];
  const late =
    verdict.late === undefined
      ? []
      : [`It was sealed afterwards, at ${verdict.late}: nobody vouches for what it was before.`];
  return [...says[verdict.verdict], ...late, ...warning].map((line) => visible(line)).join('\n  ');
}

/** As in the JSON, each of what it does not prove by itself. */
type Explained = Omit<Explanation, 'provesNot'> & { provesNot: readonly string[] };

/** The explanation of a verdict, with what is said of this journal besides. */
function explained({ verdict, signers, late }: Verdict, locale: Locale): Explained {
  const { verdicts, selfDeclared, late: sealedLate } = VERDICT_MESSAGES[locale];
  const { provesNot, ...rest } = verdicts[verdict];
  const more = [
    ...(signers.some(({ trust }) => trust === 'self-declared') ? [selfDeclared] : []),
    ...(late === undefined ? [] : [sealedLate]),
  ];
  return { ...rest, provesNot: [provesNot, ...more] };
}

function explanationText({ verdict }: Verdict, explanation: Explained, locale: Locale): string {
  const { heading, labels } = VERDICT_MESSAGES[locale];
  const { means, proves, provesNot, next } = explanation;
  const part = (label: string, lines: readonly string[]) => [`  ${label}`, ...lines.map((line) => `    ${line}`)];
  return [
    heading(verdict.replaceAll('-', ' ').toUpperCase()),
    ...part(labels.means, [means]),
    ...part(labels.proves, [proves]),
    ...part(labels.provesNot, provesNot),
    ...part(
      labels.next,
      next.map((line) => `→ ${line}`),
    ),
  ].join('\n');
}

function details(verdict: Verdict): string {
  const { records, unsignedFrom, receipt } = verdict;
  const rows: [string, string][] = [
    ['run', `${verdict.run}${verdict.rehearsal ? ' (rehearsal)' : ''}`],
    ['runbook', `${verdict.runbook.title} (${verdict.runbook.path}, ${verdict.runbook.digest})`],
    ['environment', verdict.environment],
    ['operator', verdict.operator],
    ['time', `${verdict.begun} to ${verdict.ended}, by the clock of its host`],
    ['outcome', verdict.outcome ?? 'not ended'],
    ['records', `${records}, ${verdict.bytes} bytes, head sha256:${verdict.head}`],
    ['signatures', signaturesIn(verdict)],
  ];
  if (unsignedFrom !== undefined) rows.push(['not signed', `records ${unsignedFrom} to ${records - 1}`]);
  for (const { by, fingerprint, source, trust } of verdict.signers)
    rows.push(['signer', `${by}, ${fingerprint} (${SOURCES[source] ?? 'key'}; ${TRUST[trust]})`]);
  for (const { by, fingerprint, trust } of verdict.approvals ?? [])
    rows.push(['approved by', `${by}, ${fingerprint} (${TRUST[trust]})`]);
  if (receipt !== undefined) rows.push(['receipt', receipt === 'fits' ? 'fits' : `does not fit (${receipt})`]);
  return rows.map(([name, value]) => `  ${name.padEnd(12)}${visible(value)}`).join('\n');
}

/** The last signature of each certificate is computed; it signs those before it too. */
function signaturesIn({ signatures, signers }: Verdict): string {
  if (signatures === 0) return 'none';
  return signatures === 1 || signers.length === 0
    ? `${signatures} good`
    : `${signatures} good: the last by each key was computed, and it covers those before it`;
}

const SOURCES: Readonly<Record<string, string>> = {
  agent: "the operator's SSH agent",
  file: "the operator's key file",
  own: "tejun's own key on the operator's host",
};

const TRUST = {
  known: 'known from the allowed_signers file',
  unknown: 'not known',
  'self-declared': 'vouches for itself',
  revoked: 'revoked',
} as const;
