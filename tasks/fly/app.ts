import * as z from 'zod';
import { Problem, type ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { appName, slug } from '../input.ts';
import type { Task, TaskContext } from '../task.ts';
import { createApp, status } from './commands.ts';
import { type AppStatus, appStatus } from './machines.ts';
import { read } from './reading.ts';
import { refusal } from './refusal.ts';

const input = z.strictObject({ app: appName, org: slug });

/** The app exists in the organization, or is created there. App names are unique among all of Fly's customers. */
export const flyApp: Task<z.infer<typeof input>> = {
  name: 'fly/app',
  input,
  effect: 'write',
  describe: ({ app, org }) => [asTyped(status(app)), `${asTyped(createApp(app, org))}   # when it does not exist`],
  async run({ app, org }, context) {
    const existing = await statusIfAny(context, app);
    if (existing) {
      if (existing.orgs.length > 0 && !existing.orgs.includes(org)) {
        const owner = existing.orgs.join(' or ');
        return {
          outcome: 'failed',
          summary: `${app} belongs to ${owner}`,
          evidence: { app, org: owner, created: false },
          problem: {
            code: 'fly-app-other-org',
            what: `The app "${app}" exists in the organization "${owner}", not in "${org}".`,
            means: 'Nothing was created.',
            next: ['choose another name for the app', `or use org: ${existing.orgs[0]}`],
          },
        };
      }
      return { outcome: 'passed', summary: `${app} exists`, evidence: { app, org, created: false } };
    }
    const command = createApp(app, org);
    const exit = await context.exec(command);
    if (exit.code === 0) {
      return { outcome: 'passed', summary: `${app} created in ${org}`, evidence: { app, org, created: true }, exit: 0 };
    }
    const taken = /already been taken/i.test(exit.stderr);
    return {
      outcome: 'failed',
      summary: taken ? `the name ${app} is taken` : `${app} could not be created`,
      evidence: { app, org, created: false },
      ...(exit.code === null ? {} : { exit: exit.code }),
      problem: taken ? nameTaken(app) : refusal(command, exit, context.signal),
    };
  },
};

/** The status of an app, or undefined when Fly knows none of this name that the login can see. */
export async function statusIfAny(context: TaskContext, app: string): Promise<AppStatus | undefined> {
  try {
    return await read(context, status(app), appStatus);
  } catch (error) {
    if (error instanceof Problem && error.code === 'fly-app-not-found') return undefined;
    throw error;
  }
}

function nameTaken(app: string): ProblemDetail {
  return {
    code: 'fly-app-name-taken',
    what: `The name "${app}" is taken by an app that this login cannot see.`,
    means: 'App names are unique among all customers of Fly; a wider token would not help. Nothing was created.',
    next: ['choose another name for the app, e.g. with your organization in front'],
  };
}
