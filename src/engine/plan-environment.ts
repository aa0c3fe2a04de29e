import { EXIT, Problem } from '../problem.ts';
import { didYouMean } from '../runbook/nearest.ts';
import { type Environment, REHEARSAL, type Runbook } from '../runbook/types.ts';

/** The environment that a plan is for, and the one whose values and secrets it uses. */
export interface ChosenEnvironment {
  environment: Pick<Environment, 'name' | 'guard' | 'reason' | 'lock'>;
  /** Itself; for the rehearsal the first environment that is not sealed, if there is one. */
  basis: Environment | undefined;
  values: Readonly<Record<string, string>>;
}

/**
 * The environment of that name.
 *
 * @throws Problem environment-unknown, and environment-sealed with its reason (`EXIT.refused`)
 */
export function chooseEnvironment(runbook: Runbook, name: string): ChosenEnvironment {
  const written = Object.hasOwn(runbook.environments, name) ? runbook.environments[name] : undefined;
  if (name === REHEARSAL) {
    const basis = Object.values(runbook.environments).find(
      (each) => each.guard !== 'sealed' && each.name !== REHEARSAL,
    );
    const environment = {
      name,
      guard: 'open' as const,
      ...(written?.reason === undefined ? {} : { reason: written.reason }),
    };
    return { environment, basis, values: { ...basis?.values, ...written?.values } };
  }
  if (written === undefined) {
    const known = [...new Set([...Object.keys(runbook.environments), REHEARSAL])];
    throw new Problem({
      code: 'environment-unknown',
      what: `${runbook.title} has no environment called ${name}.`,
      where: { file: runbook.file },
      means: 'Nothing was run.',
      next: didYouMean(name, known),
    });
  }
  if (written.guard === 'sealed') {
    const open = Object.values(runbook.environments).filter(({ guard }) => guard !== 'sealed');
    throw new Problem(
      {
        code: 'environment-sealed',
        what: `${name} is sealed: ${written.reason ?? 'no reason is given'}`,
        where: { file: runbook.file, ...written.position },
        means: 'It can be read about, but not entered. Nothing was run.',
        next: [`choose ${[...open.map((each) => each.name), REHEARSAL].join(' or ')}`],
      },
      EXIT.refused,
    );
  }
  return { environment: written, basis: written, values: written.values };
}
