import { EXIT, type ExitCode, Problem } from '../problem.ts';
import type { VerdictName } from './verdict.ts';
import { verifyJournal } from './verify.ts';

/** Verdicts that no crash leaves behind: somebody, or the disk, changed what was signed. */
const CHANGED: Readonly<Partial<Record<VerdictName, ExitCode>>> = {
  'chain-broken': EXIT.chainBroken,
  'bad-signature': EXIT.badSignature,
  'other-run': EXIT.otherRun,
};

/**
 * Refuses to go on with a journal whose signatures do not fit its bytes: the chain alone does not tell of a change in the last
 * record, and one more signature would vouch for it.
 *
 * @throws Problem journal-changed with the verdict's exit code; and as `verifyJournal` does
 */
export function requireGenuine(path: string): void {
  const { verdict, reason } = verifyJournal(path);
  const exit = CHANGED[verdict];
  if (exit === undefined) return;
  throw new Problem(
    {
      code: 'journal-changed',
      what: `The journal is not as it was written: ${verdict}${reason ? `, ${reason}` : ''}.`,
      where: { file: path },
      means: 'The run was not resumed, and the journal was left as it is.',
      next: [`tejun verify ${path} says more`, 'keep this file; find a copy that verifies, or begin a new run'],
    },
    exit,
  );
}
