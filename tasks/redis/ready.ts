import * as z from 'zod';
import type { Command } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { refusal as composeRefusal } from '../compose/refusal.ts';
import { argument, count, secretName } from '../input.ts';
import type { Task } from '../task.ts';

const input = z.strictObject({ secret: secretName.optional(), host: argument.optional(), port: count.optional() });

/** Pure. The password is no argument: `-a` would stand in the list of processes. */
export const ping = ({ host, port }: { host?: string | undefined; port?: number | undefined }): Command => ({
  file: 'redis-cli',
  args: [...(host === undefined ? [] : ['-h', host]), ...(port === undefined ? [] : ['-p', String(port)]), 'ping'],
});

/** Redis answers PONG. The exit code says nothing: an error of the server, such as NOAUTH, has exit code 0. */
export const redisReady: Task<z.infer<typeof input>> = {
  name: 'redis/ready',
  input,
  effect: 'read',
  describe: ({ secret, ...where }) => [
    `${secret === undefined ? '' : `REDISCLI_AUTH="$${secret}" `}${asTyped(ping(where))}`,
  ],
  secrets: ({ secret }) => (secret === undefined ? [] : [secret]),
  async run({ secret, ...where }, context) {
    const command = ping(where);
    const exit = await context.exec(
      secret === undefined ? command : { ...command, env: { REDISCLI_AUTH: context.secret(secret) } },
    );
    const answer = exit.stdout.trim();
    const ended = { evidence: { answer }, text: exit.stdout, ...(exit.code === null ? {} : { exit: exit.code }) };
    if (exit.code === 0 && answer === 'PONG') return { outcome: 'passed', summary: 'PONG', ...ended };
    const said = answer || exit.stderr.trim();
    const problem = explain(said) ?? composeRefusal(command, exit, context.signal);
    return { outcome: 'failed', summary: said.split('\n', 1)[0] || 'no answer', ...ended, problem };
  },
};

/** What Redis's own words mean; undefined where they are none of Redis. Pure. */
export function explain(said: string): ProblemDetail | undefined {
  if (/NOAUTH|WRONGPASS|AUTH failed/.test(said)) {
    return {
      code: 'redis-auth',
      what: /NOAUTH/.test(said) ? 'Redis wants a password, and none was given.' : 'Redis refused the password.',
      means: 'redis-cli has exit code 0 then; only its text tells.',
      next: ['name the secret with the password: secret', 'compare it with requirepass of the server'],
    };
  }
  if (/Could not connect|Connection refused|Name or service not known/.test(said)) {
    return {
      code: 'redis-unreachable',
      what: `Redis cannot be reached: ${said.split('\n', 1)[0]}`,
      next: ['docker compose ps -a redis', 'docker compose logs --tail 50 redis'],
    };
  }
  if (/^(?:\(error\) )?(?:LOADING|BUSY|MISCONF|MASTERDOWN|ERR)\b/.test(said)) {
    return {
      code: 'redis-not-ready',
      what: `Redis answered ${said}`,
      means: 'It runs, but does not serve.',
      next: ['docker compose logs --tail 50 redis'],
    };
  }
  return undefined;
}
