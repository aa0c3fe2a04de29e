import { setTimeout as sleep } from 'node:timers/promises';
import type { StartNews } from '../engine/start-news.ts';
import { isAlive } from '../is-alive.ts';
import type { Holder } from '../journal/records.ts';
import type { ScreenEnd } from '../link/messages.ts';
import { attachScreen } from '../link/socket.ts';
import { socketPath } from '../state-directory.ts';
import { visitorOf } from './visitor.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** An engine answers at once; one that has said nothing by then is frozen or starved. */
const SILENCE_MS = 5_000;

/**
 * Has the engine that holds a lock on this host give its run up: it lets its running step finish, records who took its place,
 * and ends. One that does not answer is killed; its warden ends what it had running. The lock is the kernel's, so it is free
 * when this returns.
 *
 * @param typed what the operator typed to confirm it: the id of the other run
 * @param said is told what is being waited for
 */
export async function takeOver(env: Env, holder: Holder, typed: string, to: string, said: (news: StartNews) => void) {
  const { run, pid, operator } = holder;
  const screen = await attachScreen(socketPath(env, run), visitorOf(env, 'watcher')).catch(() => undefined);
  if (screen && (await answers(screen))) {
    said({ kind: 'asked-to-yield', operator, run });
    const ended = new Promise<void>((resolve) => screen.onClose(resolve));
    screen.send({ kind: 'yield', typed, to });
    await ended;
  } else if (pid !== undefined && isAlive(pid)) {
    said({ kind: 'silent', operator, run });
    process.kill(pid, 'SIGKILL');
  }
  screen?.close();
  while (pid !== undefined && isAlive(pid)) await sleep(50);
}

async function answers(screen: ScreenEnd): Promise<boolean> {
  const heard = new Promise<true>((resolve) => screen.onMessage(() => resolve(true)));
  return Promise.race([heard, sleep(SILENCE_MS, false)]);
}
