import type { ScriptInput, Task } from '../task.ts';
import { runScript, scriptInput } from './script.ts';

/** The body goes to `python3 -` on standard input, so that it also reaches an interpreter on another host or in a container. */
export const python: Task<ScriptInput> = {
  name: 'python',
  input: scriptInput,
  effect: 'read',
  describe: ({ body }) => ["python3 - <<'END'", ...body.trimEnd().split('\n'), 'END'],
  run: ({ body }, context) => runScript({ file: 'python3', args: ['-'], stdin: body }, context),
};
