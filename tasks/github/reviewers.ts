import * as z from 'zod';
import { flag } from '../input.ts';
import type { Task } from '../task.ts';
import { environment as environmentCommand } from './commands.ts';
import { environmentName, repository } from './input.ts';
import { read, shown } from './reading.ts';

const input = z.strictObject({
  repo: repository,
  environment: environmentName,
  /** Whoever starts a run must not be the one who approves it. */
  prevent_self_review: flag.default(false),
});

const answer = z.looseObject({
  protection_rules: z
    .array(
      z.looseObject({
        type: z.string(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z
          .array(
            z.looseObject({ reviewer: z.looseObject({ login: z.string().optional(), slug: z.string().optional() }) }),
          )
          .optional(),
      }),
    )
    .default([]),
});

/** Nothing runs in the environment before a required reviewer has approved it. */
export const githubReviewers: Task<z.infer<typeof input>> = {
  name: 'github/reviewers',
  input,
  effect: 'read',
  describe: ({ repo, environment }) => [shown(environmentCommand(repo, environment))],
  async run({ repo, environment, prevent_self_review }, context) {
    const { protection_rules: rules } = await read(context, environmentCommand(repo, environment), answer);
    const rule = rules.find(({ type }) => type === 'required_reviewers');
    const reviewers = (rule?.reviewers ?? []).flatMap(({ reviewer }) => reviewer.login ?? reviewer.slug ?? []);
    const self = rule?.prevent_self_review ?? false;
    const evidence = { repo, environment, reviewers, preventSelfReview: self };
    const page = `https://github.com/${repo}/settings/environments`;
    if (reviewers.length === 0) {
      return {
        outcome: 'failed',
        summary: `${environment} has no required reviewer`,
        evidence,
        problem: {
          code: 'github-no-reviewers',
          what: `The environment ${environment} of ${repo} has no required reviewer.`,
          means: 'Whoever may start the workflow deploys there alone.',
          next: [page],
        },
      };
    }
    if (prevent_self_review && !self) {
      return {
        outcome: 'failed',
        summary: `${environment} can be approved by who started the run`,
        evidence,
        problem: {
          code: 'github-self-review',
          what: `In ${environment}, whoever starts a run may approve it.`,
          next: [`${page}: Prevent self-review`],
        },
      };
    }
    return { outcome: 'passed', summary: `${environment} is approved by ${reviewers.join(', ')}`, evidence };
  },
};
