import { Problem } from '../problem.ts';
import type { Place } from '../runbook/types.ts';
import { Secret } from '../secrets/secret.ts';
import type { Command } from './command.ts';
import { shellLine, shellQuote } from './quote.ts';

type Values = Readonly<Record<string, string>>;

/** What may stand left of `=` in a shell. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The command that runs `command` where the step says (`on=`). Pure. Standard input, time-out and working directory are
 * those of the client, on this host.
 *
 * A secret in `env` reaches a Compose service by name (`-e NAME`, the value from the client's environment). Over ssh
 * and `flyctl ssh` it would have to stand on a command line: that is refused, and standard input is the way.
 *
 * @param values the run's: `compose_cli`, `compose_project`, `compose_file` and `compose_env_file` name the project of a
 *   Compose service, as its tasks' inputs do
 * @throws Problem `secret-over-ssh`, or `bad-place` for a name that would be read as something else
 */
export function atPlace(place: Place, command: Command, values: Values = {}): Command {
  switch (place.kind) {
    case 'local':
      return command;
    case 'ssh':
      return wrapped(command, 'ssh', ['-T', '-o', 'BatchMode=yes', nameOf(place.host), '--', remoteLine(command)]);
    case 'fly':
      // `-C` is split into words but not run by a shell (fly ssh console).
      return wrapped(command, 'flyctl', [
        ...['ssh', 'console', '-a', nameOf(place.app)],
        ...['-C', `sh -lc ${alwaysQuoted(remoteLine(command))}`],
      ]);
    case 'compose': {
      const [file = 'docker', ...plugin] = (values['compose_cli'] ?? 'docker compose').split(' ');
      return {
        ...command,
        file,
        args: [
          ...[...plugin, ...composeProject(values), 'exec', '-T'],
          ...Object.keys(command.env ?? {}).flatMap((name) => ['-e', name]),
          ...[nameOf(place.service), command.file, ...command.args],
        ],
      };
    }
  }
}

/** The flags before compose's command that say which project is meant. */
function composeProject(values: Values): string[] {
  const flags = { '-p': 'compose_project', '-f': 'compose_file', '--env-file': 'compose_env_file' };
  return Object.entries(flags).flatMap(([flag, name]) => {
    const value = values[name];
    return value === undefined ? [] : [flag, value];
  });
}

/** The client needs none of the command's variables: they are in the remote line. */
function wrapped({ env: _, ...command }: Command, file: string, args: readonly string[]): Command {
  return { ...command, file, args };
}

function remoteLine({ file, args, env = {} }: Command): string {
  const exports = Object.entries(env).map(([name, value]) => {
    if (value instanceof Secret) throw secretOverSsh(value);
    if (!VARIABLE.test(name)) throw badPlace(name, 'a variable of a shell');
    return `export ${name}=${shellQuote(value)}; `;
  });
  return `${exports.join('')}exec ${shellLine([file, ...args])}`;
}

function alwaysQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function nameOf(name: string): string {
  if (name !== '' && !name.startsWith('-')) return name;
  throw badPlace(name, 'a host, an app or a service: it would be read as an option');
}

function badPlace(name: string, what: string): Problem {
  return new Problem({
    code: 'bad-place',
    what: `"${name}" cannot be ${what}.`,
    means: 'Nothing was started.',
    next: ['correct the name in the runbook'],
  });
}

function secretOverSsh(secret: Secret): Problem {
  return new Problem({
    code: 'secret-over-ssh',
    what: `The secret ${secret.name} cannot be a variable of a command on another host.`,
    means: 'It would stand on a command line there, for every process to read. Nothing was started.',
    next: ['let the command read it from standard input', 'or run the step on this host or in a Compose service'],
  });
}
