import { findAllowed, parseAllowedSigners } from '../journal/allowed-signers.ts';
import { type Approval, type Approved, checkApproval, type Requesters } from '../journal/approval.ts';
import type { Entry } from '../journal/records.ts';
import { isRevoked, parseRevoked } from '../journal/revoked-keys.ts';
import { EXIT, Problem } from '../problem.ts';

/** Whose keys count on this host, as the two files say it now. */
export interface KnownKeys {
  /** Content of the allowed_signers file. */
  allowedSigners?: string;
  /** Content of the file of revoked keys. */
  revokedKeys?: string;
}

/**
 * What the journal keeps of an approval that satisfies the guard. Pure.
 *
 * @param known without an allowed_signers file anybody could be the second person, the operator with another key first of all
 * @throws Problem `approval-refused` (EXIT.refused): it is of another run or plan, by the operator, by nobody known, or by a
 *   key that was revoked
 */
export function acceptApproval(
  approval: Approval,
  approved: Approved,
  requesters: Requesters,
  { allowedSigners, revokedKeys }: KnownKeys,
  now: Date,
): Extract<Entry, { type: 'guard.satisfied' }> {
  const time = Math.floor(now.getTime() / 1000);
  const checked = checkApproval(approval, approved, requesters, time);
  if (!checked.ok) throw refused(checked.reason, ['ask a second person to approve this run, as it is planned now']);
  const { by, authority, ns: namespace, publicKey, fingerprint } = checked.signatory;
  if (isRevoked(parseRevoked(revokedKeys ?? ''), authority)) {
    throw refused(`the key ${fingerprint} of ${by} was revoked`, ['ask a second person whose key is good']);
  }
  const known = findAllowed(parseAllowedSigners(allowedSigners ?? ''), { principal: by, authority, namespace, time });
  if (!known.ok) {
    throw refused(
      allowedSigners === undefined ? 'there is no allowed_signers file that says whose key counts' : known.reason,
      [
        `compare ${fingerprint} with ${by}, then add to allowed_signers: ${by} cert-authority,namespaces="*@tejun" ${publicKey}`,
        `tejun keys trust ${by} '${publicKey}' does the same`,
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
