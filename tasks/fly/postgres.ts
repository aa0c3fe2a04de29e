import * as z from 'zod';
import type { Exit } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { appName, count, secretName, slug } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { attachPostgres, createPostgres, listPostgres, listSecrets, readVariable, status } from './commands.ts';
import { appStatus } from './machines.ts';
import { ask, parse, read } from './reading.ts';
import { refusal } from './refusal.ts';
import { secretList } from './secret-list.ts';

const input = z.strictObject({
  app: appName,
  name: appName,
  org: slug,
  region: slug,
  vm_size: slug.default('shared-cpu-1x'),
  volume_size: count.default(1),
  cluster_size: count.default(1),
  secret: secretName.default('DATABASE_URL'),
});

type Input = z.infer<typeof input>;

type Evidence = { cluster: string; app: string; secret: string; created: boolean; attached: boolean };

const clusterList = z.array(z.looseObject({ name: z.string(), status: z.string().nullish() }));

/** A PostgreSQL cluster exists and is attached to the app; the URL that attaching prints becomes a secret of the run. */
export const flyPostgres: Task<Input> = {
  name: 'fly/postgres',
  input,
  effect: 'write',
  describe: (given) => [
    asTyped(listPostgres()),
    `${asTyped(create(given))}   # when there is none`,
    asTyped(listSecrets(given.app)),
    `${asTyped(attachPostgres(given.name, given.app, given.secret))}   # when ${given.secret} is not set`,
  ],
  async run(given, context) {
    const evidence: Evidence = {
      cluster: given.name,
      app: given.app,
      secret: given.secret,
      created: false,
      attached: false,
    };
    if (!(await clusters(context)).includes(given.name)) {
      const command = create(given);
      context.say(`flyctl creates the cluster ${given.name}; its output holds the operator password and is not shown`);
      const exit = await context.exec(command);
      exit.secret?.wipe();
      if (exit.code !== 0) return failed(exit, evidence, refusal(command, exit, context.signal), 'not created');
      evidence.created = true;
    }
    const secrets = await read(context, listSecrets(given.app), secretList);
    if (secrets.some(({ name }) => name === given.secret)) return attachedBefore(given, context, evidence);

    const command = attachPostgres(given.name, given.app, given.secret);
    context.say(`flyctl attaches ${given.name} to ${given.app}; its output holds the database URL and is not shown`);
    const exit = await context.exec(command);
    if (exit.code !== 0) {
      exit.secret?.wipe();
      return failed(exit, evidence, refusal(command, exit, context.signal), 'not attached');
    }
    const url = exit.secret;
    evidence.attached = true;
    if (url) context.provide(url);
    const done = evidence.created ? 'created and attached' : 'attached';
    return {
      outcome: 'passed',
      summary: url ? `${given.name} ${done} · ${given.secret} is set` : `${given.name} ${done} · ${unknownUrl(given)}`,
      evidence: { ...evidence, urlKnown: url !== undefined },
      exit: 0,
    };
  },
};

function create({ name, org, region, vm_size, volume_size, cluster_size }: Input) {
  return createPostgres({ name, org, region, vmSize: vm_size, volumeSize: volume_size, clusterSize: cluster_size });
}

async function clusters(context: TaskContext): Promise<string[]> {
  const command = listPostgres();
  const answer = await ask(context, command);
  // With no cluster it prints this text even under --json.
  if (/^No postgres clusters found/m.test(answer)) return [];
  return parse(clusterList, command, answer).map(({ name }) => name);
}

/** The secret is there already, and only a started machine can tell its value. */
async function attachedBefore(given: Input, context: TaskContext, evidence: Evidence): Promise<TaskResult> {
  const { machines } = await read(context, status(given.app), appStatus);
  const started = machines.find(({ state }) => state === 'started');
  const exit = started && (await context.exec(readVariable(given.app, started.id, given.secret), { quiet: true }));
  if (exit?.code !== 0) exit?.secret?.wipe();
  const url = exit?.code === 0 ? exit.secret : undefined;
  if (url) context.provide(url);
  return {
    outcome: 'passed',
    summary: `${given.app} has ${given.secret} already${url ? '' : ` · ${unknownUrl(given)}`}`,
    evidence: { ...evidence, urlKnown: url !== undefined },
  };
}

function unknownUrl({ secret }: Input): string {
  return `its value is not known here: steps that need ${secret} cannot run`;
}

function failed(exit: Exit, evidence: Evidence, problem: ProblemDetail, what: string): TaskResult {
  return {
    outcome: 'failed',
    summary: `${evidence.cluster} ${what}`,
    evidence,
    ...(exit.code === null ? {} : { exit: exit.code }),
    problem,
  };
}
