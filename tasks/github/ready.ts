import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import { olderThan } from '../fly/ready.ts';
import type { Task } from '../task.ts';
import { repositoryView, version } from './commands.ts';
import { repository } from './input.ts';
import { read, refusal, run, shown } from './reading.ts';

const input = z.strictObject({
  repo: repository,
  min_version: z
    .string()
    .regex(/^\d+(\.\d+){0,2}$/)
    .default('2.40.0'),
});

const answer = z.looseObject({ nameWithOwner: z.string(), viewerPermission: z.string() });

/** gh is there and new enough, someone is logged in, and the login sees the repository. */
export const githubReady: Task<z.infer<typeof input>> = {
  name: 'github/ready',
  input,
  effect: 'read',
  describe: ({ repo }) => [version(), repositoryView(repo)].map(shown),
  async run({ repo, min_version }, context) {
    const exit = await run(context, version(), { quiet: true });
    const found = /gh version (\d+\.\d+\.\d+)/.exec(exit.stdout)?.[1];
    if (found === undefined) throw new Problem(refusal(version(), exit, context.signal), EXIT.failed);
    if (olderThan(found, min_version)) {
      return {
        outcome: 'failed',
        summary: `gh ${found} is older than ${min_version}`,
        problem: {
          code: 'github-too-old',
          what: `gh is version ${found}; this runbook needs ${min_version} or newer.`,
          next: ['https://cli.github.com'],
        },
      };
    }
    const { viewerPermission } = await read(context, repositoryView(repo), answer);
    return {
      outcome: 'passed',
      summary: `gh ${found} · ${repo} · ${viewerPermission.toLowerCase()}`,
      evidence: { version: found, repo, permission: viewerPermission },
    };
  },
};
