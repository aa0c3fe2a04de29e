import { EXIT, Problem } from '../problem.ts';
import { WAYS_TO_GIVE } from '../secrets/origin.ts';

/** What the choice of a front end depends on. */
export interface Surroundings {
  stdin: { isTTY?: boolean };
  stdout: { isTTY?: boolean; columns?: number; rows?: number };
  env: Readonly<Record<string, string | undefined>>;
  /** `--plain`, or the preference of that name. */
  plain?: boolean | undefined;
}

/**
 * Screens, or the same questions as plain lines: for who asks for them (`--plain`, `ACCESSIBLE=1`), and for terminals that
 * cannot move a cursor or do not say how large they are. Pure. Both need a terminal: a secret is refused rather than
 * echoed, and Ink without one draws an error inside its frame and exits with 0.
 *
 * @throws Problem no-terminal
 */
export function chooseFrontEnd({ stdin, stdout, env, plain = false }: Surroundings): 'screens' | 'plain' {
  if (!stdin.isTTY || !stdout.isTTY) throw noTerminal();
  const sizeless = !((stdout.columns ?? 0) > 0 && (stdout.rows ?? 0) > 0);
  const asked = plain || !['', '0', 'false'].includes(env['ACCESSIBLE'] ?? '');
  return asked || sizeless || env['TERM'] === 'dumb' ? 'plain' : 'screens';
}

function noTerminal(): Problem {
  return new Problem(
    {
      code: 'no-terminal',
      what: 'tejun asks questions here, and this is no terminal that could answer them.',
      means: 'Nothing was started.',
      next: [
        'run tejun in a terminal (over SSH: ssh -t HOST tejun)',
        'tejun run RUNBOOK --env ENV walks without one; flags answer what it asks (tejun run --help)',
        'tejun plan RUNBOOK --env ENV prints what a run would do',
        ...WAYS_TO_GIVE,
      ],
    },
    EXIT.usage,
  );
}
