import { expect, test } from 'vitest';
import { explain, redisReady } from '../../../tasks/redis/ready.ts';
import { contextFor, ENDED } from '../context.ts';

/** What redis-cli 7.0 printed. All but the third have exit code 0. */
test.each([
  ['redis-auth', 0, 'NOAUTH Authentication required.\n\n', ''],
  [
    'redis-auth',
    0,
    'NOAUTH Authentication required.\n\n',
    'AUTH failed: WRONGPASS invalid username-password pair or user is disabled.\n',
  ],
  ['redis-unreachable', 1, '', 'Could not connect to Redis at 127.0.0.1:6379: Connection refused\n'],
  ['redis-not-ready', 0, 'LOADING Redis is loading the dataset in memory\n\n', ''],
  ['compose-not-running', 1, '', 'service "redis" is not running\n'],
])('%s, exit code %s', async (code, exit, stdout, stderr) => {
  const context = contextFor({ exec: async () => ({ ...ENDED, code: exit, stdout, stderr }) });
  expect(await redisReady.run(redisReady.input.parse({}), context)).toMatchObject({
    outcome: 'failed',
    problem: { code },
  });
});

test('PONG passes; the password is a variable of that one child and never an argument', async () => {
  const context = contextFor({
    secrets: { REDIS_PASSWORD: 'b4c0ffee' },
    exec: async () => ({ ...ENDED, stdout: 'PONG\n' }),
  });
  const found = await redisReady.run(redisReady.input.parse({ secret: 'REDIS_PASSWORD' }), context);
  expect(found).toMatchObject({ outcome: 'passed', summary: 'PONG' });
  expect(context.ran[0]?.args).toEqual(['ping']);
  expect(Object.keys(context.ran[0]?.env ?? {})).toEqual(['REDISCLI_AUTH']);
  expect(redisReady.describe(redisReady.input.parse({ secret: 'REDIS_PASSWORD' }))).toEqual([
    'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli ping',
  ]);
});

test('what is none of Redis has no explanation of Redis', () => {
  expect(explain('something else')).toBeUndefined();
});
