import { findAllowed, parseAllowedSigners } from '../journal/allowed-signers.ts';
import { type Approval, type Approved, checkApproval, type Requesters } from '../journal/approval.ts';
import type { Entry } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';

/**
 * What the journal keeps of an approval that satisfies the guard. Pure.
 *
 * @param allowedSigners content of the allowed_signers file: it says whose key counts. Without it anybody could be the second
 *   person, the operator with another key first of all
 * @throws Problem `approval-refused` (EXIT.refused): it is of another run or plan, or by the operator, or by nobody known
 */
export function acceptApproval(
  approval: Approval,
  approved: Approved,
  requesters: Requesters,
  allowedSigners: string | undefined,
  now: Date,
): Extract<Entry, { type: 'guard.satisfied' }> {
  const time = Math.floor(now.getTime() / 1000);
  const checked = checkApproval(approval, approved, requesters, time);
  if (!checked.ok) throw refused(checked.reason, ['ask a second person to approve this run, as it is planned now']);
  const { by, authority, ns: namespace, publicKey, fingerprint } = checked.signatory;
  const known = findAllowed(parseAllowedSigners(allowedSigners ?? ''), { principal: by, authority, namespace, time });
  if (!known.ok) {
    throw refused(
      allowedSigners === undefined ? 'there is no allowed_signers file that says whose key counts' : known.reason,
      [
        `compare ${fingerprint} with ${by}, then add to allowed_signers: ${by} cert-authority,namespaces="*@tejun" ${publicKey}`,
        'then approve again',
      ],
    );
  }
  const { begin, plan, sig } = approval;
  return {
    type: 'guard.satisfied',
    guard: 'approve',
    how: 'approve',
    approval: { begin, plan, sig, fingerprint, publicKey },
    by,
  };
}

function refused(reason: string, next: readonly string[]): Problem {
  const what = `The approval was not taken: ${reason}.`;
  return new Problem({ code: 'approval-refused', what, means: 'Nothing was run.', next }, EXIT.refused);
}
