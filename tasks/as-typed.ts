import type { Command } from '../src/exec/command.ts';
import { shellLine, shellQuote } from '../src/exec/quote.ts';
import { Secret } from '../src/secrets/secret.ts';

/**
 * A command as an operator would type it, for the plan, the screen and the journal. Pure; secrets stand as `$NAME`,
 * because that is all that a `Secret` prints.
 */
export function asTyped(command: Command): string {
  const env = Object.entries(command.env ?? {}).map(([name, value]) =>
    value instanceof Secret ? `${name}="${value}"` : `${name}=${shellQuote(value)}`,
  );
  const line = [...env, shellLine([command.file, ...command.args])].join(' ');
  return command.stdin instanceof Secret ? `printf %s "${command.stdin}" | ${line}` : line;
}
