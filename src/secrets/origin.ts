import { Problem } from '../problem.ts';

/** Where a secret is to be read from. */
export type Origin =
  | { kind: 'stdin' }
  | { kind: 'file'; path: string }
  | { kind: 'env'; variable: string }
  | { kind: 'command'; line: string };

/** A secret's name and where it is to be read from. */
export interface NamedOrigin {
  name: string;
  origin: Origin;
  /** Another environment whose value this is: it is only compared with (`differs-from` of the front matter). */
  environment?: string;
}

/** Every way to give a secret without a terminal, for whoever has none. */
export const WAYS_TO_GIVE: readonly string[] = [
  '--secret NAME=@FILE reads a file that only you can read',
  '--secret NAME=env:VARIABLE reads an environment variable',
  "--secret NAME='cmd:op read op://vault/item' runs a command",
  '--secret NAME=- reads standard input',
  '--secrets-from FILE.env takes those that the runbook declares from a file of NAME=value lines',
];

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NAME_OF_ENVIRONMENT = /^([^@]*)@([a-z0-9][a-z0-9_-]*)$/;

/**
 * Reads `--secret NAME=@FILE`, `NAME=env:VARIABLE`, `NAME=cmd:COMMAND` or `NAME=-` (standard input); with
 * `NAME@ENVIRONMENT=…` it is that environment's value, to be compared with. The value itself cannot be given: argv is
 * readable by every process on the host.
 *
 * @throws Problem `bad-secret-option`; its text does not repeat what was given, which may be the value itself
 */
export function parseSecretOption(option: string): NamedOrigin {
  const [, target = '', source = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? [];
  const [, name = target, environment] = NAME_OF_ENVIRONMENT.exec(target) ?? [];
  const origin = NAME.test(name) ? parseOrigin(source) : undefined;
  if (origin) return { name, origin, ...(environment === undefined ? {} : { environment }) };
  throw new Problem({
    code: 'bad-secret-option',
    what: NAME.test(name)
      ? `--secret ${name} does not say where to read it from.`
      : '--secret does not begin with a name.',
    means:
      'A value cannot be given on the command line, where every process of this host can read it. Nothing was started.',
    next: WAYS_TO_GIVE,
  });
}

/**
 * Reads `--passphrase-from @FILE`, `env:VARIABLE`, `cmd:COMMAND` or `-` (standard input).
 *
 * @throws Problem `bad-secret-option`; its text does not repeat what was given, which may be the passphrase itself
 */
export function parsePassphraseOption(source: string): NamedOrigin {
  const origin = parseOrigin(source);
  if (origin) return { name: 'PASSPHRASE', origin };
  throw new Problem({
    code: 'bad-secret-option',
    what: '--passphrase-from does not say where to read the passphrase from.',
    means:
      'A passphrase cannot be given on the command line, where every process of this host can read it. Nothing was started.',
    next: [
      '--passphrase-from @FILE reads a file that only you can read',
      '--passphrase-from env:VARIABLE, cmd:COMMAND or - (standard input) reads it elsewhere',
    ],
  });
}

function parseOrigin(source: string): Origin | undefined {
  if (source === '-') return { kind: 'stdin' };
  const [, sign, rest] = /^(@|env:|cmd:)(.+)$/s.exec(source) ?? [];
  if (sign === undefined || rest === undefined) return undefined;
  if (sign === '@') return { kind: 'file', path: rest };
  if (sign === 'cmd:') return { kind: 'command', line: rest };
  return NAME.test(rest) ? { kind: 'env', variable: rest } : undefined;
}
