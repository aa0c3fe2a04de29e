import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { argument, count, flag } from '../input.ts';
import type { Task } from '../task.ts';
import { logs } from './commands.ts';
import { projectInput, serviceName } from './project.ts';
import { refusal } from './refusal.ts';

const input = z.strictObject({
  ...projectInput,
  services: z.array(serviceName).default([]),
  tail: count.default(200),
  since: argument.optional(),
  grep: z.string().min(1).optional(),
  ignore_case: flag.default(false),
});

/** The last log lines of each container, or those of them that contain a text; bounded, and never followed. */
export const composeLogs: Task<z.infer<typeof input>> = {
  name: 'compose/logs',
  input,
  effect: 'read',
  tells: true,
  describe: (given) => [asTyped(logs(given, given))],
  async run({ grep, ignore_case, ...given }, context) {
    const command = logs(given, given);
    const exit = await context.exec(command, { quiet: true });
    if (exit.code !== 0) {
      return {
        outcome: 'failed',
        summary: 'the logs could not be read',
        ...(exit.code === null ? {} : { exit: exit.code }),
        problem: refusal(command, exit, context.signal),
      };
    }
    // 1.29 says "Attaching to …" first.
    const all = exit.stdout.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('Attaching to '));
    const fold = (text: string) => (ignore_case ? text.toLowerCase() : text);
    const kept = grep === undefined ? all : all.filter((line) => fold(line).includes(fold(grep)));
    for (const line of kept) context.say(line);
    const what = `${kept.length} line${kept.length === 1 ? '' : 's'}${grep === undefined ? '' : ` with "${grep}"`}`;
    return {
      outcome: 'passed',
      summary: all.length === 0 ? 'the log is empty' : what,
      evidence: { lines: kept.length, read: all.length },
      text: kept.join('\n'),
    };
  },
};
