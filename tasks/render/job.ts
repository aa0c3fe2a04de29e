import * as z from 'zod';
import { argument, flag, secretName, slug } from '../input.ts';
import { lastLine } from '../last-line.ts';
import type { Task } from '../task.ts';
import { renderClient } from './client.ts';
import { runJob } from './job-run.ts';
import { createJob, job, logs, written } from './requests.ts';
import { finding, findService, idOf, serviceName } from './service.ts';
import { startCommand } from './start-command.ts';

const regex = z.string().refine((pattern) => {
  try {
    return new RegExp(pattern, 'u') !== undefined;
  } catch {
    return false;
  }
}, 'a JavaScript regular expression');

const input = z.strictObject({
  service: serviceName,
  command: argument,
  /** Variables of this job only, beside the service's. */
  env: z.record(secretName, z.string()).default({}),
  plan: slug.optional(),
  /** Each must be found in the log, across lines too. */
  match: z.array(regex).default([]),
  /** The command changes nothing; the runbook vouches for that. */
  reads: flag.default(false),
});
type Input = z.infer<typeof input>;

/** Runs a command as a one-off job of a service, with its log. */
export const renderJob: Task<Input> = {
  name: 'render/job',
  input,
  effect: 'write',
  effectOf: ({ reads }) => (reads ? 'read' : 'write'),
  describe(given) {
    const id = idOf(given.service);
    const log = {
      owner: '{OWNER_ID}',
      resource: '{JOB_ID}',
      start: '{START}',
      direction: 'forward',
      limit: 100,
    } as const;
    return [
      written(finding(given.service)),
      written(createJob(id, startCommand(given.command, given.env), given.plan)),
      written(job(id, '{JOB_ID}')),
      decodeURIComponent(written(logs(log))),
    ];
  },
  async run(given, context) {
    const client = renderClient(context);
    const service = await findService(client, given.service);
    const patterns = given.match.map((pattern) => new RegExp(pattern, 'mu'));
    const lacking = (lines: readonly string[]) => patterns.filter((pattern) => !pattern.test(lines.join('\n')));
    const ended = await runJob(client, service, startCommand(given.command, given.env), {
      context,
      line: (text) => context.say(text),
      enough: (lines) => lacking(lines).length === 0,
      ...(given.plan === undefined ? {} : { plan: given.plan }),
    });
    const { id, status, lines } = ended;
    const text = lines.join('\n');
    const last = lastLine(text);
    const evidence = { service: service.id, job: id, status, lines: lines.length, last: last ?? null };
    if (status !== 'succeeded') {
      return {
        outcome: 'failed',
        summary: `${id} ${status}${last === undefined ? '' : ` · ${last}`}`,
        evidence,
        text,
        problem: {
          code: 'render-job-failed',
          what: `The job ${id} ended as ${status}: ${given.command}`,
          means: last === undefined ? 'Its log is empty.' : `Its last line: ${last}`,
          next: ['read its log (l)', 'mend what it says, then run it again (r)'],
        },
      };
    }
    const missing = lacking(lines).map(({ source }) => source);
    if (missing.length > 0) {
      return {
        outcome: 'failed',
        summary: `${id} succeeded, and its log does not show ${missing.join(', ')}`,
        evidence: { ...evidence, missing },
        text,
        problem: {
          code: 'render-job-log',
          what: `The log of ${id} does not show ${missing.join(', ')}.`,
          means: 'The command itself did not fail; the runbook expects this in its log.',
          next: ['read its log (l)'],
        },
      };
    }
    return { outcome: 'passed', summary: `${id} succeeded${last === undefined ? '' : ` · ${last}`}`, evidence, text };
  },
};
