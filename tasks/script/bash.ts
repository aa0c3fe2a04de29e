import type { ScriptInput, Task } from '../task.ts';
import { runScript, scriptInput } from './script.ts';

/**
 * The body is an argument, not standard input, so that the commands in it can read their own (a `read` or an `ssh` would
 * eat the rest of the script). It holds no secret: values and secrets are environment variables that it names.
 */
function shell(name: 'bash' | 'sh', options: readonly string[]): Task<ScriptInput> {
  return {
    name,
    input: scriptInput,
    // The least of any script; the stage or `effect=` of its step says more.
    effect: 'read',
    describe: ({ body }) => [body.trimEnd()],
    run: ({ body }, context) => runScript({ file: name, args: [...options, '-c', body] }, context),
  };
}

/** A pipeline fails when any part of it does: `pg_dump | gzip` hides a failed dump otherwise. */
export const bash = shell('bash', ['-euo', 'pipefail']);

/** Debian's sh has no `pipefail`. */
export const sh = shell('sh', ['-eu']);
