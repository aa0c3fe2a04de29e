import type { Exec } from '../exec/command.ts';
import type { Notice } from './notice.ts';

export interface HookOptions {
  /** A shell command; empty for none. */
  command: string;
  /** A URL that is posted to; empty for none. */
  webhook: string;
  /** Runs the command, in the operator's environment as steps have it. */
  exec: Exec;
  /** Is told in a line what did not work; never the URL, whose path may be a password. */
  failed(line: string): void;
  timeoutMs?: number;
}

/** The longest that a command or a server is given. */
const TIMEOUT_MS = 10_000;

/** Notices that wait while one is being given; a server that hangs must not let them pile up. */
const LONGEST_QUEUE = 20;

/**
 * Gives notices to the operator's command and webhook, one after the other. Nothing waits for it, and nothing that goes
 * wrong with it reaches the run.
 */
export class Hook {
  readonly #options: HookOptions;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: HookOptions) {
    this.#options = options;
  }

  give(notice: Notice): void {
    const { command, webhook, failed } = this.#options;
    if (command === '' && webhook === '') return;
    if (this.#waiting >= LONGEST_QUEUE) {
      failed(`hook: ${notice.event} was dropped, too many wait`);
      return;
    }
    this.#waiting += 1;
    this.#queue = this.#queue
      .then(() => Promise.all([this.#run(notice), this.#post(notice)]))
      .catch((error: unknown) => failed(`hook: ${reasonOf(error)}`))
      .then(() => {
        this.#waiting -= 1;
      });
  }

  /** Resolves when all that was given is through, at the latest after the time of one. */
  async settled(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, this.#timeoutMs).unref());
    await Promise.race([this.#queue, late]);
  }

  get #timeoutMs(): number {
    return this.#options.timeoutMs ?? TIMEOUT_MS;
  }

  async #run(notice: Notice): Promise<void> {
    const { command, exec, failed } = this.#options;
    if (command === '') return;
    const { event, run, title, environment, step = '', outcome = '' } = notice;
    const env = {
      TEJUN_EVENT: event,
      TEJUN_RUN: run,
      TEJUN_TITLE: title,
      TEJUN_ENVIRONMENT: environment,
      TEJUN_STEP: step,
      TEJUN_OUTCOME: outcome,
    };
    const stdin = `${JSON.stringify(notice)}\n`;
    const timeoutMs = this.#timeoutMs;
    const { code, timedOut } = await exec(
      { file: 'sh', args: ['-c', command], env, stdin, timeoutMs },
      { quiet: true },
    );
    if (timedOut) failed('hook: the command took too long');
    else if (code !== 0) failed(`hook: the command ended with ${code}`);
  }

  async #post(notice: Notice): Promise<void> {
    const { webhook, failed } = this.#options;
    if (webhook === '') return;
    const response = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
      // A server that sends elsewhere is not the one that the operator named.
      redirect: 'manual',
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    await response.body?.cancel();
    if (!response.ok) failed(`hook: the webhook answered ${response.status}`);
  }
}

/** The kind of an error, without its text: that may quote the URL. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return `failed (${cause?.code ?? (error instanceof Error ? error.name : 'unknown')})`;
}
