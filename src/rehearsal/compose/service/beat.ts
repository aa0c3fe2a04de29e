import { setTimeout as sleep } from 'node:timers/promises';
import { askRedis, DUE_KEY } from '../broker.ts';
import { brokerAddress, demand, readRelease, say } from './release.ts';

/** What is due every hour in production is due so often here. */
const EVERY_MS = 1000;

/** Celery Beat's place: tells through the broker that the schedule is due. */
export async function startBeat(): Promise<void> {
  demand(await readRelease());
  const { port, password } = brokerAddress();
  say('INFO', 'beat: Starting...');
  for (let due = 1; ; due += 1) {
    try {
      const said = await askRedis(port, password, ['SET', DUE_KEY, String(due)]);
      if ('error' in said) say('ERROR', `beat: Connection error: ${said.error}. Trying again...`);
      else if (due % 60 === 1) say('INFO', 'Scheduler: Sending due task sync-reviews (app.tasks.sync_reviews)');
    } catch (error) {
      say('ERROR', `beat: Connection error: ${(error as Error).message}. Trying again...`);
    }
    await sleep(EVERY_MS);
  }
}
