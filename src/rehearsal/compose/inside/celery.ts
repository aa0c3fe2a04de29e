import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis, brokerPassword, INSPECT_KEY, type RedisAnswer, replyKey } from '../broker.ts';
import { FlagError, flagOf, isSet, readFlags } from '../flags.ts';
import { route } from '../network.ts';
import type { InsideCall, InsideProgram } from './call.ts';

const EVERY_MS = 60;
/** `EX_UNAVAILABLE` of sysexits.h. */
const UNAVAILABLE = 69;

/** `celery -A APP inspect ping|active` and `celery -A APP status`, with Celery 5.6's texts and exit codes. */
export const celery: InsideProgram = async (call) => {
  try {
    const head = readFlags(call.args, [{ long: 'app', short: 'A', value: true }, { long: 'version' }], false);
    if (isSet(head, 'version')) {
      call.out('5.6.3\n');
      return 0;
    }
    const [command, ...rest] = head.args;
    if (command !== 'inspect' && command !== 'status') return usage(call, `No such command '${command ?? ''}'.`);
    const words = readFlags(rest, [
      { long: 'timeout', short: 't', value: true },
      { long: 'destination', short: 'd', value: true },
      { long: 'json', short: 'j' },
    ]);
    const [method = command === 'status' ? 'ping' : ''] = words.args;
    if (method !== 'ping' && method !== 'active') return usage(call, `Command ${method} not recognized.`);
    const seconds = Number(flagOf(words, 'timeout') ?? 1);
    const replies = await inspect(call, method, seconds);
    if (replies === 'broker') {
      call.err('Error: Could not connect to the message broker. Please make sure that the broker is running.\n');
      return UNAVAILABLE;
    }
    if (replies === undefined) {
      call.err('Error: No nodes replied within time constraint\n');
      return UNAVAILABLE;
    }
    print(call, replies, isSet(words, 'json'));
    return 0;
  } catch (error) {
    if (error instanceof FlagError) return usage(call, error.message.replace('unknown flag:', 'No such option:'));
    throw error;
  }
};

/** Asks through the broker, and waits for the worker's answer: a worker that is stopped or stuck gives none. */
async function inspect(
  call: InsideCall,
  method: string,
  seconds: number,
): Promise<Record<string, unknown> | 'broker' | undefined> {
  const url = call.env['CELERY_BROKER_URL'] ?? call.env['REDIS_URL'] ?? '';
  const broker = URL.canParse(url) ? new URL(url) : undefined;
  const where = broker && route(call.hosts, call.self, broker.hostname, Number(broker.port || 6379));
  if (!where || typeof where === 'string') return 'broker';
  const ask = (...words: string[]): Promise<RedisAnswer> => askRedis(where.port, brokerPassword(url), words);
  const id = randomUUID();
  try {
    const put = await ask('SET', INSPECT_KEY, JSON.stringify({ id, method }), 'PX', '10000');
    if ('error' in put) return 'broker';
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until && !call.signal.aborted) {
      const answer = await ask('GET', replyKey(id));
      if ('text' in answer && answer.text) return JSON.parse(answer.text) as Record<string, unknown>;
      await sleep(EVERY_MS);
    }
    return undefined;
  } catch {
    return 'broker';
  }
}

function print(call: InsideCall, replies: Record<string, unknown>, asJson: boolean): void {
  if (asJson) {
    call.out(`${JSON.stringify(replies)}\n`);
    return;
  }
  for (const [worker, reply] of Object.entries(replies)) {
    const text = Array.isArray(reply) ? (reply.length === 0 ? '    - empty -' : JSON.stringify(reply)) : '        pong';
    call.out(`->  ${worker}: OK\n${text}\n`);
  }
  const count = Object.keys(replies).length;
  call.out(`\n${count} node${count === 1 ? '' : 's'} online.\n`);
}

function usage(call: InsideCall, why: string): number {
  call.err(`Usage: celery [OPTIONS] COMMAND [ARGS]...\nTry 'celery --help' for help.\n\nError: ${why}\n`);
  return 2;
}
