import type { Command } from '../src/exec/command.ts';
import { Secret } from '../src/secrets/secret.ts';

/** Words that no shell changes. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word as a POSIX shell reads it back. */
export function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command as an operator would type it, for the plan, the screen and the journal. Pure; secrets stand as `$NAME`,
 * because that is all that a `Secret` prints.
 */
export function asTyped(command: Command): string {
  const env = Object.entries(command.env ?? {}).map(([name, value]) =>
    value instanceof Secret ? `${name}="${value}"` : `${name}=${quoted(value)}`,
  );
  const line = [...env, quoted(command.file), ...command.args.map(quoted)].join(' ');
  return command.stdin instanceof Secret ? `printf %s "${command.stdin}" | ${line}` : line;
}
