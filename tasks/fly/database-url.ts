import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import { appName, flag, secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { listSecrets, setSecret, setSecretTo } from './commands.ts';
import { DRIVERS, urlForDriver } from './driver-url.ts';
import { read } from './reading.ts';
import { refusal } from './refusal.ts';
import { compare, secretList } from './secret-list.ts';

const input = z.strictObject({
  app: appName,
  secret: secretName.default('DATABASE_URL'),
  driver: z.enum(DRIVERS).default('asyncpg'),
  stage: flag.default(true),
});

/**
 * Sets the database URL on an app in the form that its driver takes. `postgres attach` yields `postgres://…?sslmode=disable`;
 * SQLAlchemy knows no such scheme, and asyncpg no such parameter. The new form goes to flyctl's standard input and nowhere else.
 */
export const flyDatabaseUrl: Task<z.infer<typeof input>> = {
  name: 'fly/database-url',
  input,
  effect: 'write',
  describe: ({ app, secret, driver, stage }) => [
    `postgresql+${driver}://… | ${asTyped(setSecret(app, secret, stage))}   # made of $${secret}, in memory`,
    asTyped(listSecrets(app)),
  ],
  secrets: ({ secret }) => [secret],
  async run({ app, secret, driver, stage }, context) {
    const { url, from, to, sslmode } = urlForDriver(context.secret(secret), driver);
    const command = setSecretTo(app, url, stage);
    const exit = await context.exec(command);
    url.wipe();
    const evidence = { app, secret, from, to, sslmode, stage };
    if (exit.code !== 0) {
      return {
        outcome: 'failed',
        summary: `${secret} was not set`,
        evidence,
        ...(exit.code === null ? {} : { exit: exit.code }),
        problem: refusal(command, exit, context.signal),
      };
    }
    const { missing } = compare(await read(context, listSecrets(app), secretList), [secret]);
    if (missing.length > 0) {
      return {
        outcome: 'failed',
        summary: `${app} does not list ${secret}`,
        evidence,
        problem: {
          code: 'fly-secrets-missing',
          what: `flyctl set it without an error, yet ${app} does not list ${secret}.`,
          next: [asTyped(listSecrets(app))],
        },
      };
    }
    return {
      outcome: 'passed',
      summary: `${from}:// → ${to}:// · sslmode ${sslmode}${stage ? ' · staged until the next deploy' : ''}`,
      evidence,
    };
  },
};
