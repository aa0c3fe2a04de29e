import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName } from '../input.ts';
import type { Task } from '../task.ts';
import { restartApp } from './commands.ts';
import { refusal } from './refusal.ts';

const input = z.strictObject({ app: appName });

/** Restarts the machines of an app that are started; others stay as they are. */
export const flyRestart: Task<z.infer<typeof input>> = {
  name: 'fly/restart',
  input,
  effect: 'write',
  describe: ({ app }) => [asTyped(restartApp(app))],
  async run({ app }, context) {
    const command = restartApp(app);
    const exit = await context.exec(command);
    const ended = { evidence: { app }, text: exit.stdout, ...(exit.code === null ? {} : { exit: exit.code }) };
    if (exit.code === 0) return { outcome: 'passed', summary: `${app} restarted`, ...ended };
    return {
      outcome: 'failed',
      summary: `${app} was not restarted`,
      ...ended,
      problem: refusal(command, exit, context.signal),
    };
  },
};
