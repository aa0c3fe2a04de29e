import * as z from 'zod';
import type { Effect } from '../../src/runbook/types.ts';
import { alembicAtHead } from '../alembic/at-head.ts';
import { alembicDowngrade } from '../alembic/downgrade.ts';
import { alembicUpgrade } from '../alembic/upgrade.ts';
import type { Task, TaskContext } from '../task.ts';
import { renderClient } from './client.ts';
import { jobExec } from './job-run.ts';
import { createJob, written } from './requests.ts';
import { findService, idOf, serviceName } from './service.ts';

/** The alembic tasks, with each command as a one-off job of a service: `python -m alembic …` unless the runbook says. */

export const renderAtHead = asJobs('render/at-head', alembicAtHead, 'read');
export const renderMigrate = asJobs('render/migrate', alembicUpgrade, 'write');
/** It can take columns and what is in them away, so the operator types what it is done to. */
export const renderDowngrade = asJobs('render/downgrade', alembicDowngrade, 'destroy');

type JobInput = { service: string; command: string } & Record<string, unknown>;

function asJobs<Input>(name: string, task: Task<Input>, effect: Effect): Task<JobInput> {
  if (!(task.input instanceof z.ZodObject)) throw new TypeError(`${task.name} takes no object`);
  const input = task.input.extend({
    service: serviceName,
    command: z.string().regex(/^[^-]/).default('python -m alembic'),
  }) as unknown as z.ZodType<JobInput>;
  const own = ({ service: _, ...rest }: JobInput): Input => rest as unknown as Input;
  return {
    name,
    input,
    effect,
    describe: (given) => task.describe(own(given)).map((line) => written(createJob(idOf(given.service), line))),
    async run(given, context) {
      const client = renderClient(context);
      const service = await findService(client, given.service);
      const inJobs: TaskContext = { ...context, exec: jobExec(client, service, context) };
      return task.run(own(given), inJobs);
    },
  };
}
