import { type Command, Option } from 'commander';
import { LOCALES } from '../../locale/types.ts';
import { Problem } from '../../problem.ts';
import { FLOWS, type Flow, REHEARSAL } from '../../runbook/types.ts';

/** Options that several commands share. */

export const RUNBOOK_HELP = 'a file, or the name of a runbook that comes with tejun';

/** Which walk of a runbook is meant, as the command line gives it. */
export interface WalkOptions {
  flow?: Flow;
  section?: string;
  set: string[];
}

export function flowOption(): Option {
  return new Option('--flow <flow>', 'what to do').choices([...FLOWS]);
}

export function takeOverOption(): Option {
  return new Option('--take-over <run>', 'end that run, which holds the runbook and environment, and take its place');
}

export function sectionOption(): Option {
  return new Option('--section <heading>', 'only the routine, symptom or way back under this heading');
}

export function setOption(): Option {
  return new Option('--set <name=value>', 'a value of the runbook; may be repeated').default([]).argParser(collect);
}

/** Where secrets are to be read from, as the command line gives it (`SecretOptions`). */
export interface SecretArguments {
  secret: string[];
  secretsFrom?: string;
  passphraseFrom?: string;
}

function secretOption(): Option {
  return new Option('--secret <name=from>', 'read a secret from @FILE, env:VARIABLE, cmd:COMMAND or - (stdin)')
    .default([])
    .argParser(collect);
}

function secretFromOption(): Option {
  return new Option('--secrets-from <file>', 'read secrets from a file of NAME=value lines, which no shell runs');
}

export function passphraseOption(): Option {
  return new Option(
    '--passphrase-from <from>',
    'read the passphrase of your key file from @FILE, env:VARIABLE, cmd:COMMAND or - (stdin)',
  );
}

/** Where what must stay secret is read from: for every command that starts a run or goes back to one. */
export function withSecrets(command: Command): Command {
  return command.addOption(secretOption()).addOption(secretFromOption()).addOption(passphraseOption());
}

export function languageOption(): Option {
  return new Option('--lang <language>', 'the language to speak').choices([...LOCALES]);
}

export function plainOption(): Option {
  return new Option('--plain', 'lines and numbers instead of screens: for screen readers, and for any terminal');
}

export function portOption(): Option {
  return new Option('--port <number>', `port of the ${REHEARSAL}’s loopback URL (default: a free one)`).argParser(
    (text) => {
      const port = Number(text);
      if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
      throw new Problem({
        code: 'bad-port',
        what: `--port ${text} is not a port.`,
        next: ['give a number from 1 to 65535'],
      });
    },
  );
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
