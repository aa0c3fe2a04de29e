import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { askRedis, DUE_KEY, INSPECT_KEY, type RedisAnswer, replyKey } from '../broker.ts';
import { brokerAddress, demand, plainDatabaseUrl, readRelease, say } from './release.ts';

const EVERY_MS = 120;
const NAME = `celery@${process.env['HOSTNAME'] ?? hostname()}`;
/** For how long the stuck task of the drill has run when it is looked at first. */
const STUCK_SECONDS = 7200;

/** As `celery inspect active` shows it. */
interface Active {
  id: string;
  name: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  type: string;
  hostname: string;
  time_start: number;
  acknowledged: boolean;
  delivery_info: Record<string, unknown>;
  worker_pid: number;
}

/**
 * Celery's worker: does what Beat says is due and writes it into `job_logs`; answers `inspect` while it does. On SIGUSR2 it is
 * stuck in a task that never ends, until it is restarted: the drill of the stuck worker.
 */
export async function startWorker(): Promise<void> {
  demand(await readRelease());
  const pool = new pg.Pool({ connectionString: plainDatabaseUrl(), max: 2, connectionTimeoutMillis: 3000 });
  pool.on('error', () => {});
  const { port, password } = brokerAddress();
  const ask = (...words: string[]): Promise<RedisAnswer> => askRedis(port, password, words);
  const active: Active[] = [];
  process.on('SIGUSR2', () => {
    active.push(activeTask('app.tasks.scrape_reviews', Date.now() / 1000 - STUCK_SECONDS));
    say('WARNING', 'Task app.tasks.scrape_reviews has not ended');
  });
  say('INFO', `${NAME} ready.`);
  let answered = '';
  let done = '';
  let lost = false;
  for (;;) {
    try {
      const question = text(await ask('GET', INSPECT_KEY));
      if (question) {
        const { id, method } = JSON.parse(question) as { id: string; method: string };
        if (id !== answered) {
          answered = id;
          const reply = method === 'ping' ? { ok: 'pong' } : active;
          await ask('SET', replyKey(id), JSON.stringify({ [NAME]: reply }), 'PX', '10000');
        }
      }
      const due = text(await ask('GET', DUE_KEY));
      if (due && due !== done && active.length === 0) {
        done = due;
        await work(pool);
      }
      if (lost) say('INFO', 'Connected to redis://redis:6379/0');
      lost = false;
    } catch (error) {
      if (!lost) say('ERROR', `consumer: Cannot connect to redis://redis:6379/0: ${(error as Error).message}.`);
      lost = true;
    }
    await sleep(EVERY_MS);
  }
}

/** One run of the scheduled task. Before the first migration there is nothing to write it into. */
async function work(pool: pg.Pool): Promise<void> {
  try {
    const { rows } = await pool.query<{ there: boolean }>("select to_regclass('job_logs') is not null as there");
    if (!rows[0]?.there) return;
    await pool.query(
      "insert into job_logs (task_name, status, started_at, finished_at) values ('app.tasks.sync_reviews', 'success', now(), now())",
    );
  } catch (error) {
    say('ERROR', `Task app.tasks.sync_reviews raised: ${(error as Error).message}`);
  }
}

function text(answer: RedisAnswer): string | undefined {
  if ('error' in answer) throw new Error(answer.error);
  return answer.text;
}

function activeTask(name: string, startedAt: number): Active {
  return {
    id: randomUUID(),
    name,
    args: [],
    kwargs: {},
    type: name,
    hostname: NAME,
    time_start: startedAt,
    acknowledged: true,
    delivery_info: { exchange: '', routing_key: 'celery', priority: 0, redelivered: false },
    worker_pid: process.pid,
  };
}
