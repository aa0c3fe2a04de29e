import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { ProblemCode } from '../../src/problem-codes.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { type NoAnswer, unreachable } from '../http/unreachable.ts';
import type { TaskContext } from '../task.ts';
import { refusal } from './refusal.ts';
import { type ApiRequest, PAGE, RENDER_API, written } from './requests.ts';
import { askedToWait } from './waiting.ts';

/** What a request without an answer is called when it was to Render's API. */
const NO_ANSWER = {
  'http-timeout': 'render-timeout',
  'http-stopped': 'render-stopped',
  'http-unreachable': 'render-unreachable',
} as const satisfies Record<NoAnswer['code'], ProblemCode>;

/** How often a request is sent again that Render did not even look at (429, 423). */
const WAITS = 4;
/** How often a read is sent again that Render could not answer. */
const READS_AGAIN = 3;
const READ_AGAIN_MS = 1_000;
/** Render answers in a second or two; half a minute without an answer is none. */
const REQUEST_MS = 30_000;

/** Render's HTTP API, for one step. Every method throws a `Problem` (`render-…`) when there is no good answer. */
export interface RenderClient {
  /** Reads; sent again when Render is busy or down. */
  read<T>(request: ApiRequest, shape: z.ZodType<T>): Promise<T>;
  /** Reads a list `[{cursor, …}]` page by page, up to `most` items. */
  list<T>(request: ApiRequest, shape: z.ZodType<T>, most: number): Promise<T[]>;
  /** Changes something; never sent twice unless Render said that it did nothing. Undefined: an answer without a body. */
  change<T>(request: ApiRequest, shape: z.ZodType<T>): Promise<T | undefined>;
}

/** @throws Problem render-no-key without a login */
export function renderClient(context: Pick<TaskContext, 'env' | 'signal' | 'say'>): RenderClient {
  const key = context.env['RENDER_API_KEY'];
  const base = (context.env['TEJUN_RENDER_API'] ?? RENDER_API).replace(/\/$/, '');
  if (key === undefined || key === '') {
    throw new Problem(
      {
        code: 'render-no-key',
        what: 'RENDER_API_KEY is not set.',
        means: 'tejun speaks to Render through its HTTP API, with your key. Nothing was asked of Render.',
        next: [
          'make a key: https://dashboard.render.com/settings#api-keys',
          'export RENDER_API_KEY="$(op read op://…)"   # or another store, never typed on a command line',
        ],
      },
      EXIT.auth,
    );
  }

  async function send(request: ApiRequest): Promise<string> {
    const reads = request.method === 'GET';
    let waits = 0;
    let failures = 0;
    for (;;) {
      const answer = await once(request).catch((error: unknown) => error as Error);
      if (answer instanceof Error) {
        if (reads && !context.signal.aborted && failures < READS_AGAIN) {
          failures += 1;
          await pause(READ_AGAIN_MS * failures, context.signal);
          continue;
        }
        const found = unreachable(answer, `${base}${request.path}`, context.signal);
        const means = reads
          ? 'This request only reads.'
          : 'It is not known whether the change was made: look before you run this again.';
        throw new Problem({ ...found, code: NO_ANSWER[found.code], means }, EXIT.failed);
      }
      const { status, body, header } = answer;
      if (status >= 200 && status < 300) return body;
      if ((status === 429 || status === 423) && waits < WAITS) {
        waits += 1;
        const ms = askedToWait(header, Date.now());
        context.say(`Render is ${status === 429 ? 'at its rate limit' : 'busy'}: waiting ${Math.ceil(ms / 1000)} s`);
        await pause(ms, context.signal);
        continue;
      }
      if (status >= 500 && reads && failures < READS_AGAIN) {
        failures += 1;
        await pause(READ_AGAIN_MS * failures, context.signal);
        continue;
      }
      throw new Problem(refusal(request, status, body), status === 401 || status === 403 ? EXIT.auth : EXIT.failed);
    }
  }

  async function once({ method, path, query, body }: ApiRequest) {
    const url = new URL(`${base}${path}`);
    for (const [name, value] of query ?? []) url.searchParams.append(name, value);
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: delivered(body) }),
      // A redirect would carry the login to another place.
      redirect: 'manual',
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(REQUEST_MS)]),
    });
    return {
      status: response.status,
      body: await response.text(),
      header: (name: string) => response.headers.get(name),
    };
  }

  const client: RenderClient = {
    read: async (request, shape) => parse(request, await send(request), shape),
    async list(request, shape, most) {
      const item = z.looseObject({ cursor: z.string().optional() });
      const found: (typeof shape)['_output'][] = [];
      let cursor: string | undefined;
      do {
        const limit = Math.min(PAGE, most - found.length);
        const page: ApiRequest = {
          ...request,
          query: [...(request.query ?? []), ['limit', String(limit)], ...(cursor ? [['cursor', cursor] as const] : [])],
        };
        const text = await send(page);
        found.push(...parse(page, text, z.array(shape)));
        const items = parse(page, text, z.array(item));
        cursor = items.length < limit ? undefined : items.at(-1)?.cursor;
      } while (cursor !== undefined && found.length < most);
      return found;
    },
    async change(request, shape) {
      const text = await send(request);
      return text.trim() === '' ? undefined : parse(request, text, shape);
    },
  };
  return client;
}

/** The body with its secrets in it, at the last moment. */
function delivered(body: NonNullable<ApiRequest['body']>): string {
  const entries = Object.entries(body).map(([name, value]) => [
    name,
    value instanceof Secret ? value.use((bytes) => bytes.toString('utf8')) : value,
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

function parse<T>(request: ApiRequest, text: string, shape: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = shape.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(
    {
      code: 'render-unreadable',
      // Never the answer itself: lists of variables hold their values.
      what: `Render’s answer to ${written(request)} is not of the expected form${issue ? ` (${issue.path.join('.')})` : ''}.`,
      means:
        request.method === 'GET' ? 'This request only reads.' : 'The change was accepted; its result is not known.',
      next: ['look at the service in the dashboard', 'report this: Render’s API may have changed'],
    },
    EXIT.failed,
  );
}

/** Waits; gives up without an error when the step is stopped: the next request says so. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
