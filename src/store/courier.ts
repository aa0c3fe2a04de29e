import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Problem } from '../problem.ts';
import type { TeamStore } from './team-store.ts';

/** Most lines, and most bytes, that are sent at once. */
const BATCH_LINES = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Sends the records of a journal that the store does not have yet. The file is the queue: what it holds is sent in its order, and
 * what is stored is not sent again, so it may be called as often as one likes.
 *
 * @param path of the journal; a line that is still being written is left for the next time
 * @returns how many records the store has now
 * @throws Problem as `TeamStore.add`; an error of the connection as it is
 */
export async function deliver(store: TeamStore, run: string, path: string): Promise<number> {
  const stored = await store.stored(run);
  let began = '';
  let seq = 0;
  let batch: string[] = [];
  let bytes = 0;
  const send = async () => {
    if (batch.length > 0) await store.add(run, began, seq - batch.length, batch);
    batch = [];
    bytes = 0;
  };
  for await (const line of wholeLines(path)) {
    if (seq === 0) began = (JSON.parse(line) as { at: string }).at;
    seq += 1;
    if (seq <= stored) continue;
    batch.push(line);
    bytes += line.length;
    if (batch.length >= BATCH_LINES || bytes >= BATCH_BYTES) await send();
  }
  await send();
  return seq;
}

/** The lines of a file that are ended by a line break, without it. */
async function* wholeLines(path: string): AsyncGenerator<string> {
  const file = await open(path, 'r');
  try {
    let rest = Buffer.alloc(0);
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      let begin = 0;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, begin)) {
        yield rest.toString('utf8', begin, end);
        begin = end + 1;
      }
      rest = rest.subarray(begin);
    }
  } finally {
    await file.close();
  }
}

/** How a courier reaches what it works with. */
export interface CourierParts {
  run: string;
  /** Path of the journal. */
  path: string;
  connect(): Promise<TeamStore>;
  /** Is told once, each time that the store is away: it is tried again, less and less often. */
  away(error: unknown): void;
  /** Is told when the store refuses the journal for good; then nothing more is sent. */
  refused(problem: Problem): void;
}

/** How often a courier looks at its file. */
export const EVERY_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** How long the end of a run waits for the last records: what is left is sent by the next courier, or `tejun store push`. */
const LAST_MS = 3_000;
const LAST_TRY_MS = 250;

/**
 * Follows the journal of a run and keeps the store up with it, beside the engine: it reads the file, so that nothing in the run
 * waits for it, and no failure of the store is one of the run.
 *
 * @returns what sends the last records and ends it, within three seconds
 */
export function followInto({ run, path, connect, away, refused }: CourierParts): () => Promise<void> {
  const ended = new AbortController();
  let late = false;
  let store: TeamStore | undefined;
  let sent = 0;
  const sendNews = async () => {
    const { size } = await stat(path);
    if (size === sent) return;
    store ??= await connect();
    await deliver(store, run, path);
    sent = size;
  };
  const leave = async () => {
    await store?.end().catch(() => {});
    store = undefined;
  };
  const work = (async () => {
    let wait = EVERY_MS;
    while (!late) {
      // Asked first: what was written before the end is there to be sent.
      const ending = ended.signal.aborted;
      try {
        await sendNews();
        wait = EVERY_MS;
        if (ending) break;
      } catch (error) {
        // A connection that broke while there was nothing to send is found out only now: a new one is tried, at the end too.
        await leave();
        if (isRefusal(error)) {
          refused(error);
          break;
        }
        if (wait === EVERY_MS) away(error);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
      if (ending) await sleep(LAST_TRY_MS, undefined, { ref: false });
      else await sleep(wait, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    }
    await leave();
  })();
  return async () => {
    ended.abort();
    await Promise.race([work, sleep(LAST_MS, undefined, { ref: false })]);
    late = true;
  };
}

function isRefusal(error: unknown): error is Problem {
  return (error as { code?: unknown }).code === 'store-refused';
}
