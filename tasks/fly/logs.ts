import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName, count } from '../input.ts';
import type { Task } from '../task.ts';
import { logs } from './commands.ts';
import { refusal } from './refusal.ts';

/** How long flyctl may take to print a buffer that holds something. */
const LOGS_TIMEOUT_MS = 15_000;

const input = z.strictObject({ app: appName, lines: count.default(50), grep: z.string().min(1).optional() });

/** The last lines of an app's log, or those of them that contain a text. */
export const flyLogs: Task<z.infer<typeof input>> = {
  name: 'fly/logs',
  input,
  effect: 'read',
  tells: true,
  describe: ({ app }) => [asTyped(logs(app))],
  async run({ app, lines, grep }, context) {
    // With an empty buffer `--no-tail` waits for ever (logs/polling.go), so running out of time is not a failure.
    const timeoutMs = Math.min(LOGS_TIMEOUT_MS, Math.max(1000, context.timeoutMs - 2000));
    const command = logs(app);
    const exit = await context.exec({ ...command, timeoutMs }, { quiet: true });
    if (exit.code !== 0 && !exit.timedOut) {
      return {
        outcome: 'failed',
        summary: `the log of ${app} could not be read`,
        ...(exit.code === null ? {} : { exit: exit.code }),
        problem: refusal(command, exit, context.signal),
      };
    }
    const all = exit.stdout.split('\n').filter((line) => line.trim() !== '');
    const kept = all.filter((line) => grep === undefined || line.includes(grep)).slice(-lines);
    for (const line of kept) context.say(line);
    const what = `${kept.length} line${kept.length === 1 ? '' : 's'}${grep === undefined ? '' : ` with "${grep}"`}`;
    return {
      outcome: 'passed',
      summary: all.length === 0 ? 'the log is empty' : what,
      evidence: { app, lines: kept.length, read: all.length },
      text: kept.join('\n'),
    };
  },
};
