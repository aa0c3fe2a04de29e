import type { ProblemDetail } from '../problem.ts';
import type { SecretFault } from '../problem-codes.ts';
import type { Finding } from './format.ts';

/** What keeps a secret from being taken, said without quoting it. */
export interface Fault {
  code: SecretFault;
  what: string;
}

/** The errors among what was found. */
export function faultsOf(findings: readonly Finding[]): Fault[] {
  return findings.flatMap((finding) => (finding.level === 'error' ? [finding] : []));
}

/** Says which secret was not taken, and all that is wrong with it. */
export function rejection(name: string, faults: readonly Fault[]): Pick<ProblemDetail, 'code' | 'what' | 'faults'> {
  return {
    code: 'secret-rejected',
    what: `${name} was not taken: ${faults.map(({ what }) => what).join('; ')}.`,
    faults: faults.map(({ code }) => code),
  };
}
