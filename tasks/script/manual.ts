import type { ScriptInput, Task } from '../task.ts';
import { scriptInput } from './script.ts';

/** A person does it and attests it; nothing that tejun runs can pass it. */
export const manual: Task<ScriptInput> = {
  name: 'manual',
  input: scriptInput,
  effect: 'read',
  describe: ({ body }) => body.trimEnd().split('\n'),
  run: async () => ({
    outcome: 'failed',
    summary: 'waits for a person',
    problem: {
      code: 'manual-not-attested',
      what: 'This step is done by a person, and nobody has attested it yet.',
      next: ['do what it says, then mark it as done by hand, with a note', 'or skip it, with a reason'],
    },
  }),
};
