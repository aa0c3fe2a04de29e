import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import type { ProblemDetail } from '../../src/problem.ts';
import type { Secret } from '../../src/secrets/secret.ts';
import { asTyped } from '../as-typed.ts';
import { appName, flag, secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { listSecrets, setSecret, setSecretTo } from './commands.ts';
import { read } from './reading.ts';
import { refusal } from './refusal.ts';
import { compare, secretList } from './secret-list.ts';

/** What `flyctl secrets set NAME=-` reads of its standard input, at most. */
const LONGEST = 64 * 1024;

const input = z.strictObject({ app: appName, names: z.array(secretName).min(1), stage: flag.default(true) });

/** Sets secrets on an app, each on standard input, staged unless the runbook says otherwise. */
export const flySecrets: Task<z.infer<typeof input>> = {
  name: 'fly/secrets',
  input,
  effect: 'write',
  describe: ({ app, names, stage }) => [
    ...names.map((name) => `printf %s "$${name}" | ${asTyped(setSecret(app, name, stage))}`),
    asTyped(listSecrets(app)),
  ],
  secrets: ({ names }) => names,
  async run({ app, names, stage }, context) {
    const secrets = names.map((name) => context.secret(name));
    for (const secret of secrets) {
      const problem = undeliverable(secret);
      if (problem) {
        return {
          outcome: 'failed',
          summary: `${secret.name} cannot be set · nothing was set`,
          evidence: { app, set: [] },
          problem,
        };
      }
    }
    const set: string[] = [];
    for (const secret of secrets) {
      const command = setSecretTo(app, secret, stage);
      const exit = await context.exec(command);
      if (exit.code !== 0) {
        const why = refusal(command, exit, context.signal);
        return {
          outcome: 'failed',
          summary: `${secret.name} was not set · ${set.length} of ${names.length} done`,
          evidence: { app, set, stage },
          ...(exit.code === null ? {} : { exit: exit.code }),
          problem: {
            ...why,
            means: why.means ?? (set.length > 0 ? `Set before it: ${set.join(', ')}.` : 'None was set.'),
          },
        };
      }
      set.push(secret.name);
    }
    const { missing, staged } = compare(await read(context, listSecrets(app), secretList), names);
    if (missing.length > 0) {
      return {
        outcome: 'failed',
        summary: `${app} does not list ${missing.join(', ')}`,
        evidence: { app, set, missing, staged },
        problem: {
          code: 'fly-secrets-missing',
          what: `flyctl set them without an error, yet ${app} does not list ${missing.join(', ')}.`,
          next: [asTyped(listSecrets(app))],
        },
      };
    }
    return {
      outcome: 'passed',
      summary: `${names.join(', ')} set${stage ? ' · staged until the next deploy' : ''}`,
      evidence: { app, set, stage, staged },
    };
  },
};

/**
 * Why a value would not arrive as it is, or undefined. flyctl trims what it reads, stops at 64 KiB and decodes UTF-8
 * (helpers.ReadStdin), all without a word in the first and last case. Tells neither the value nor its length.
 */
export function undeliverable(secret: Secret): ProblemDetail | undefined {
  const why = secret.use((bytes) => {
    if (bytes.length === 0) return 'it is empty';
    if (bytes.length > LONGEST) return 'it is longer than the 64 KiB that flyctl reads';
    if (!isUtf8(bytes)) return 'it is not text in UTF-8, and flyctl would change it';
    const [first, last] = [bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()];
    // Go counts U+0085 among it, JavaScript U+FEFF.
    if (/^[\s\u0085]/.test(first) || /[\s\u0085]$/.test(last)) {
      return 'it begins or ends with white space, which flyctl would cut off';
    }
    return undefined;
  });
  return why === undefined
    ? undefined
    : {
        code: 'secret-undeliverable',
        what: `${secret.name} cannot be set on Fly: ${why}.`,
        means: 'None of the secrets of this step was set.',
        next: [`enter ${secret.name} again`],
      };
}
