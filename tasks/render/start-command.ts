import { shellQuote } from '../../src/exec/quote.ts';

/** What only a shell understands; a plain command has none of it. */
const NEEDS_SHELL = /[|&;<>()$`*?~\n]/;

/**
 * The `startCommand` of a one-off job. Pure. How Render splits it is not documented, and an assignment in front
 * (`TENANT_ID=2 python …`) is a shell's; so whatever is more than words and quotes is given to a shell in so many words.
 */
export function startCommand(command: string, env: Readonly<Record<string, string>> = {}): string {
  const assigned = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  if (assigned.length === 0 && !NEEDS_SHELL.test(command)) return command;
  return `sh -c ${shellQuote([...assigned, command].join(' '))}`;
}
