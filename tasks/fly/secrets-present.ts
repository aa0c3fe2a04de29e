import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName, secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { listSecrets } from './commands.ts';
import { read } from './reading.ts';
import { compare, secretList } from './secret-list.ts';

const input = z.strictObject({ app: appName, names: z.array(secretName).min(1) });

/** The app lists every secret of these names; a staged one counts, and is named as such. */
export const flySecretsPresent: Task<z.infer<typeof input>> = {
  name: 'fly/secrets-present',
  input,
  effect: 'read',
  describe: ({ app }) => [asTyped(listSecrets(app))],
  async run({ app, names }, context) {
    const { missing, staged } = compare(await read(context, listSecrets(app), secretList), names);
    const evidence = { app, names, missing, staged };
    if (missing.length > 0) {
      return {
        outcome: 'failed',
        summary: `${names.length - missing.length}/${names.length} set · missing ${missing.join(', ')}`,
        evidence,
        problem: {
          code: 'fly-secrets-missing',
          what: `${app} lacks ${missing.join(', ')}.`,
          means: 'A release that needs them will not start.',
          next: missing.map((name) => `flyctl secrets set ${name}=- --stage -a ${app}   # the value on standard input`),
        },
      };
    }
    const waiting = staged.length > 0 ? ` · staged until the next deploy: ${staged.join(', ')}` : '';
    return { outcome: 'passed', summary: `${names.length}/${names.length} set${waiting}`, evidence };
  },
};
