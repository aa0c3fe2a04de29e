import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import { Secret } from '../../src/secrets/secret.ts';
import { secretName } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { connectionAnswer, envVarAnswer, envVarItem } from './answers.ts';
import { type RenderClient, renderClient } from './client.ts';
import { databaseName, findDatabase } from './database.ts';
import { connectionInfo, databasesNamed, envVars, putEnvVar, written } from './requests.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

const MOST = 1000;

interface Wanted {
  secrets: readonly string[];
  values: Readonly<Record<string, string>>;
  databases: Readonly<Record<string, string>>;
}

const input = z
  .strictObject({
    service: serviceName,
    /** Secrets of the run, each to the variable of its own name. */
    secrets: z.array(secretName).default([]),
    /** What may be seen. */
    values: z.record(secretName, z.string().min(1)).default({}),
    /** Variables that become the internal URL of a database on Render. */
    databases: z.record(secretName, databaseName).default({}),
  })
  .refine((given) => namesOf(given).length > 0, 'nothing to set');
type Input = z.infer<typeof input>;

/** Sets environment variables one key at a time. The others stay: the request for the whole set is never made. */
export const renderEnvSet: Task<Input> = {
  name: 'render/env-set',
  input,
  effect: 'write',
  describe(given) {
    const id = idOf(given.service);
    const names = Object.values(given.databases);
    return [
      written(finding(given.service)),
      ...names.flatMap((name) => [written(databasesNamed(name)), written(connectionInfo('{POSTGRES_ID}'))]),
      ...given.secrets.map((name) => written(putEnvVar(id, name, `$${name}`))),
      ...Object.keys(given.databases).map((key) => written(putEnvVar(id, key, `$${key}`))),
      ...Object.entries(given.values).map(([key, value]) => written(putEnvVar(id, key, value))),
      written(envVars(id)),
    ];
  },
  secrets: ({ secrets }) => secrets,
  async run(given, context) {
    const client = renderClient(context);
    const { id } = await findService(client, given.service);
    const wanted: [string, string | Secret][] = [
      ...given.secrets.map((name): [string, Secret] => [name, context.secret(name)]),
      ...(await databaseUrls(given, client)),
      ...Object.entries(given.values),
    ];
    const unfit = wanted.find(
      ([, value]) => value instanceof Secret && value.use((bytes) => !isUtf8(bytes) || bytes.length === 0),
    );
    if (unfit) return undeliverable(unfit[0]);
    const set = await setAll(client, id, wanted, context).finally(() => {
      // What was only read to be handed on is forgotten; the run's own secrets stay with the run.
      for (const [key, value] of wanted) if (key in given.databases && value instanceof Secret) value.wipe();
    });
    const names = new Set((await client.list(envVars(id), envVarItem, MOST)).map(({ envVar }) => envVar.key));
    const missing = set.filter((name) => !names.has(name));
    const evidence = { service: given.service, set, missing };
    if (missing.length > 0) {
      return {
        outcome: 'failed',
        summary: `${given.service} does not list ${missing.join(', ')}`,
        evidence,
        problem: {
          code: 'render-env-missing',
          what: `Render took them without an error, yet ${given.service} does not list ${missing.join(', ')}.`,
          next: ['look at the service’s Environment page'],
        },
      };
    }
    return { outcome: 'passed', summary: `${set.join(', ')} set · they need a deploy to take effect`, evidence };
  },
};

async function setAll(
  client: RenderClient,
  id: string,
  wanted: readonly [string, string | Secret][],
  context: TaskContext,
): Promise<string[]> {
  const set: string[] = [];
  for (const [key, value] of wanted) {
    await client.change(putEnvVar(id, key, value), envVarAnswer);
    set.push(key);
    // When a later one fails, the output tells which ones are set.
    context.say(`${key} set`);
  }
  return set;
}

/** Read from Render and handed on in memory: nobody copies a database's URL by hand. */
async function databaseUrls({ databases }: Input, client: RenderClient): Promise<[string, Secret][]> {
  const urls: [string, Secret][] = [];
  for (const [key, name] of Object.entries(databases)) {
    const { id } = await findDatabase(client, name);
    const { internalConnectionString } = await client.read(connectionInfo(id), connectionAnswer);
    urls.push([key, new Secret(key, Buffer.from(internalConnectionString))]);
  }
  return urls;
}

function undeliverable(name: string): TaskResult {
  return {
    outcome: 'failed',
    summary: `${name} cannot be set · nothing was set`,
    problem: {
      code: 'secret-undeliverable',
      what: `${name} cannot be set on Render: it is empty, or not text in UTF-8.`,
      means: 'None of the variables of this step was set.',
      next: [`enter ${name} again`],
    },
  };
}

function namesOf({ secrets, values, databases }: Wanted): string[] {
  return [...secrets, ...Object.keys(values), ...Object.keys(databases)];
}
