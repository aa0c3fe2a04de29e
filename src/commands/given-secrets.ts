import type { Exec } from '../exec/command.ts';
import { createExec } from '../exec/run.ts';
import type { SecretSource } from '../journal/records.ts';
import { EXIT, Problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { didYouMean } from '../runbook/nearest.ts';
import type { Runbook, SecretSpec } from '../runbook/types.ts';
import { checkSecret } from '../secrets/format.ts';
import { type Taken, takeDotenv, takeSecret } from '../secrets/intake.ts';
import { type NamedOrigin, parseSecretOption } from '../secrets/origin.ts';
import { createRedactor } from '../secrets/redactor.ts';
import { faultsOf, rejection } from '../secrets/rejection.ts';
import type { Secret } from '../secrets/secret.ts';

/** What the command line says of secrets: where they are, never what they are. */
export interface SecretOptions {
  /** `--secret`, each. */
  secret: readonly string[];
  /** `--secrets-from`: a file of `NAME=value` lines. */
  secretsFrom?: string | undefined;
  /** `--passphrase-from`: of the operator's key file. */
  passphraseFrom?: string | undefined;
}

/** A secret that was read before the run, and waits to be handed to its engine. */
export interface GivenSecret {
  secret: Secret;
  source: SecretSource;
  /** Another environment whose value it is, only to be compared with. */
  environment?: string;
}

/** The secrets that the command line named, for the runs of one runbook. */
export interface GivenSecrets {
  /** Digest of the runbook that they are for; another one's run does not get them. */
  runbook: string;
  secrets: readonly GivenSecret[];
}

/** What this process lends: its standard input, and its environment, from which what is read is removed. */
export interface Lender {
  stdin: AsyncIterable<Uint8Array> & { isTTY?: boolean };
  env: Record<string, string | undefined>;
  cwd(): string;
}

/** Runs `cmd:` lines. They are the operator's own, and a password manager needs what the operator's shell has. */
export function operatorsExec({ env, cwd }: Pick<Lender, 'env' | 'cwd'>): Exec {
  const given = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return createExec({ redactor: createRedactor(), env: Object.fromEntries(given), cwd: cwd() });
}

/**
 * Reads every secret that the command line names and checks it against the runbook's format, before anything is started.
 *
 * @param load the runbook that they are for; not called when none is named
 * @param said is given lines about what was noticed and is no error: a line break that was dropped, a weak value
 * @throws Problem `bad-secret-option`, `secret-twice`, `secret-undeclared`, `secret-rejected`, `secret-from-terminal`, and
 *   those of `takeSecret`; none quotes a value, and what was read by then is overwritten
 */
export async function readGivenSecrets(
  options: SecretOptions,
  load: () => Promise<Pick<Runbook, 'secrets' | 'environments' | 'digest'>>,
  lender: Lender,
  said: (line: string) => void,
): Promise<GivenSecrets | undefined> {
  if (options.secret.length === 0 && options.secretsFrom === undefined) return undefined;
  const origins = options.secret.map(parseSecretOption);
  requireDistinct(origins);
  const runbook = await load();
  for (const { name, environment } of origins) requireDeclared(name, environment, runbook);
  if (lender.stdin.isTTY && origins.some(({ origin }) => origin.kind === 'stdin')) throw fromTerminal();

  const secrets: GivenSecret[] = [];
  const keep = (taken: Taken, environment?: string) => {
    secrets.push({ secret: taken.secret, source: taken.source, ...(environment === undefined ? {} : { environment }) });
    const spec = runbook.secrets[taken.secret.name];
    for (const line of noticed(taken, environment === undefined ? spec : undefined)) said(line);
  };
  try {
    const exec = operatorsExec(lender);
    for (const named of origins) keep(await takeSecret(named, { ...lender, exec }), named.environment);
    if (options.secretsFrom !== undefined) {
      const own = origins.filter(({ environment }) => environment === undefined).map(({ name }) => name);
      const others = Object.keys(runbook.secrets).filter((name) => !own.includes(name));
      for (const taken of takeDotenv(options.secretsFrom, others)) keep(taken);
    }
  } catch (error) {
    for (const { secret } of secrets) secret.wipe();
    throw error;
  }
  return { runbook: runbook.digest, secrets };
}

/** Lines about a secret that is taken; throws `secret-rejected` for one that is not. */
function noticed({ secret, trimmed }: Taken, spec: SecretSpec | undefined): string[] {
  const lines = trimmed ? [`${secret.name}: the line break at its end was dropped`] : [];
  if (!spec) return lines;
  const findings = secret.use((bytes) => checkSecret(bytes, spec.format));
  const faults = faultsOf(findings);
  if (faults.length > 0) {
    throw new Problem({
      ...rejection(secret.name, faults),
      means: 'Nothing was started.',
      next: ['check where it is read from'],
    });
  }
  return [...lines, ...findings.map(({ what }) => `${secret.name}: ${what}`)];
}

function requireDistinct(origins: readonly NamedOrigin[]): void {
  const labels = origins.map(({ name, environment }) => (environment === undefined ? name : `${name}@${environment}`));
  const twice = labels.find((label, index) => labels.indexOf(label) < index);
  if (twice !== undefined) throw unusable('secret-twice', `--secret ${twice} was given twice.`, ['give it once']);
  if (origins.filter(({ origin }) => origin.kind === 'stdin').length > 1) {
    throw unusable('secret-twice', 'Only one secret can be read from standard input.', [
      'read the others from files: --secret NAME=@FILE',
    ]);
  }
}

function requireDeclared(
  name: string,
  environment: string | undefined,
  { secrets, environments }: Pick<Runbook, 'secrets' | 'environments'>,
): void {
  const spec = secrets[name];
  if (spec === undefined) {
    throw unusable('secret-undeclared', `The runbook has no secret ${name}.`, didYouMean(name, Object.keys(secrets)));
  }
  if (environment === undefined || environment === spec.differsFrom) return;
  throw unusable(
    'secret-undeclared',
    `The runbook does not compare ${name} with the one of ${environment}.`,
    spec.differsFrom === undefined
      ? didYouMean(environment, Object.keys(environments))
      : [`it compares it with the one of ${spec.differsFrom}`],
  );
}

function fromTerminal(): Problem {
  return unusable(
    'secret-from-terminal',
    'A secret that is read from standard input would be shown as it is typed here.',
    ['type it on the Secrets screen, which shows nothing', 'or pipe it in: command | tejun …'],
  );
}

function unusable(code: ProblemCode, what: string, next: readonly string[]): Problem {
  return new Problem({ code, what, means: 'Nothing was started.', next }, EXIT.usage);
}
