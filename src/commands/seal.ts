import { conclude } from '../engine/conclusion.ts';
import { takeLock } from '../engine/lock.ts';
import { operatorOf } from '../engine/operator.ts';
import { unknownOutcomes } from '../engine/resumption.ts';
import { countOutcomes, foldAll } from '../engine/state.ts';
import { formatReceipt, receiptOf } from '../journal/receipt.ts';
import type { JournalRecord } from '../journal/records.ts';
import { readJournal, resumeJournal } from '../journal/recover.ts';
import { chooseSigner, signerEntry } from '../journal/signer.ts';
import { verifyJournal } from '../journal/verify.ts';
import { EXIT, Problem } from '../problem.ts';
import { runLock } from '../state-directory.ts';
import { keySearch } from './key-search.ts';
import { beginOf } from './resume.ts';
import { journalOf } from './runs.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Seals a run on this host afterwards: one that nobody could sign, or that stopped and will not be gone on with. The seal
 * says that it is late, and the signature says when it was made: it proves nothing of the time before.
 *
 * @returns the receipt
 * @throws Problem `already-sealed`, `cannot-sign` (then nothing was written), and what keeps a journal from being resumed
 */
export async function sealLate(env: Env, run: string): Promise<{ receipt: string; fingerprint?: string }> {
  const path = journalOf(env, run);
  const begin = beginOf(readJournal(path), run);
  requireUnsealed(path, run);
  const operator = operatorOf(env);
  const holder = {
    run,
    operator: operator.name,
    host: operator.host,
    pid: process.pid,
    since: new Date().toISOString(),
  };
  const release = takeLock(runLock(env, begin.run), holder, `The run ${run}`);
  try {
    // Nothing is written before it is sure that it can be signed.
    const signer = await chooseSigner({ ...keySearch(env), principal: operator.name, run: begin.run });
    if (signer.source === 'none') throw cannotSign(run, signer.note);
    const { records, journal, recovered } = resumeJournal(path, { redact: (entry) => entry });
    try {
      const written: JournalRecord[] = [...records];
      const { name: by } = operator;
      written.push(journal.append({ type: 'resumed', by, ...(recovered ? { recovered } : {}) }));
      written.push(journal.append(signerEntry(signer)));
      const before = foldAll(records);
      for (const entry of unknownOutcomes(before)) written.push(journal.append(entry));
      const state = foldAll(written);
      const { flow, path: walked, plan: steps } = begin;
      const { outcome, open } = state.seal ?? conclude({ flow, path: walked, steps }, state);
      const counts = countOutcomes(state);
      written.push(journal.append({ type: 'seal', outcome, open, counts, by, late: true }));
      const signed = journal.signPrefix(signer);
      if (!('record' in signed)) throw cannotSign(run, signed.unsigned);
      const receipt = receiptOf([...written, signed.record]);
      const { fingerprint } = signer;
      return { receipt: receipt ? formatReceipt(receipt) : '', ...(fingerprint === undefined ? {} : { fingerprint }) };
    } finally {
      signer.forget();
      journal.close();
    }
  } finally {
    release();
  }
}

function requireUnsealed(path: string, run: string): void {
  const { verdict, at, reason } = verifyJournal(path);
  if (verdict === 'unsealed' || verdict === 'unsigned-tail' || verdict === 'torn') return;
  const sealed = verdict === 'sealed' || verdict === 'rehearsal';
  throw new Problem(
    {
      code: sealed ? 'already-sealed' : 'not-sealable',
      what: sealed ? `${run} is sealed already.` : `The journal of ${run} is not as it was written: ${verdict}.`,
      ...(sealed ? {} : { means: `Record ${at}: ${reason}. A seal would vouch for it.` }),
      next: [`tejun verify ${run}`],
    },
    EXIT.refused,
  );
}

function cannotSign(run: string, why: string | undefined): Problem {
  return new Problem(
    {
      code: 'cannot-sign',
      what: `There is no key that could seal ${run}${why === undefined ? '' : ` (${why})`}.`,
      means: 'The journal is as it was.',
      next: ['add your key to an agent (ssh-add), then seal again', 'tejun keys shows what signs here'],
    },
    EXIT.journal,
  );
}
