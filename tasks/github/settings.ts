import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import type { Task } from '../task.ts';
import { secretList, variableList } from './commands.ts';
import { environmentName, repository, settingName } from './input.ts';
import { read, shown } from './reading.ts';

const input = z.strictObject({ repo: repository, environment: environmentName, names: z.array(settingName).min(1) });

const list = z.array(z.looseObject({ name: z.string() }));

/** The names that an environment of the repository must have, of one kind. */
function present(
  kind: 'secrets' | 'variables',
  command: (repo: string, environment: string) => Command,
  remedy: string,
): Task<z.infer<typeof input>> {
  return {
    name: `github/${kind}`,
    input,
    effect: 'read',
    describe: ({ repo, environment }) => [shown(command(repo, environment))],
    async run({ repo, environment, names }, context) {
      const held = new Set((await read(context, command(repo, environment), list)).map(({ name }) => name));
      const missing = names.filter((name) => !held.has(name));
      const evidence = { repo, environment, names, missing };
      if (missing.length === 0) {
        return { outcome: 'passed', summary: `${environment} has all ${names.length} ${kind}`, evidence };
      }
      return {
        outcome: 'failed',
        summary: `${environment} lacks ${missing.join(', ')}`,
        evidence,
        problem: {
          code: `github-${kind}-missing`,
          what: `The environment ${environment} of ${repo} has no ${missing.join(', ')}.`,
          means: 'A workflow finds an empty text instead, and fails late or not at all.',
          next: missing.map((name) => `gh ${remedy} set ${name} --repo ${repo} --env ${environment}`),
        },
      };
    },
  };
}

/** Secrets can only be told by name: their values never come back. `gh secret set` reads the value from standard input. */
export const githubSecrets = present('secrets', secretList, 'secret');

export const githubVariables = present('variables', variableList, 'variable');
