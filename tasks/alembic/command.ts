import type { z } from 'zod';
import type { Command } from '../../src/exec/command.ts';
import { shellQuote } from '../../src/exec/quote.ts';
import type { Secret } from '../../src/secrets/secret.ts';
import { asTyped } from '../as-typed.ts';
import { argument } from '../input.ts';
import type { TaskContext } from '../task.ts';

/** How a project calls alembic; every alembic task takes it. */
export const calling = {
  /** What stands before the words of alembic, e.g. `python -m alembic`. */
  command: argument.default('alembic'),
  /** Its configuration, when it is not `alembic.ini`. */
  config: argument.optional(),
  /** Directory of the configuration where the step runs (`on=`), when that is not where a command there begins. */
  directory: argument.optional(),
};

export type Calling = z.infer<z.ZodObject<typeof calling>>;

/**
 * An alembic command, wherever the step runs it (`on=`). Pure. With a `directory` a shell changes into it: over ssh and in a
 * machine of Fly the client's own directory says nothing.
 */
export function alembic({ command, config, directory }: Calling, ...words: readonly string[]): Command {
  const line = [...command.split(/\s+/), ...(config === undefined ? [] : ['-c', config]), ...words];
  const [file = '', ...args] = line;
  if (directory === undefined) return { file, args };
  return { file: 'sh', args: ['-c', 'cd -- "$1" && shift && exec "$@"', 'sh', directory, ...line] };
}

/** The same as an operator would type it there. */
export function alembicTyped({ directory, ...how }: Calling, ...words: readonly string[]): string {
  const line = asTyped(alembic({ ...how, directory: undefined }, ...words));
  return directory === undefined ? line : `cd ${shellQuote(directory)} && ${line}`;
}

/** The command with the secrets of the step's `secrets=`, e.g. DATABASE_URL, as variables of this one child. */
export function withSecrets(command: Command, context: TaskContext): Command {
  const env: Record<string, Secret> = {};
  for (const name of context.secretNames) env[name] = context.secret(name);
  return context.secretNames.length === 0 ? command : { ...command, env };
}
