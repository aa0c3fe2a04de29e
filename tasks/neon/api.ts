import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { TaskContext } from '../task.ts';
import { failure } from './answers.ts';
import type { NeonRequest } from './requests.ts';

/** Name of the secret with the key of the API. */
export const KEY = 'NEON_API_KEY';

/** Environment variable with another base, for a proxy or a rehearsal. */
const BASE_VARIABLE = 'TEJUN_NEON_API';
const BASE = 'https://console.neon.tech/api/v2';

/** Longest wait for one answer. */
const ANSWER_MS = 30_000;
/** A locked project is waited for so long: an operation of a large branch takes minutes at most. */
const LOCKED_MS = 120_000;
const LOCKED_WAIT_MS = 500;
/** Times that a request is sent again when the platform is busy or fails. */
const AGAIN = 5;
const BUSY_WAIT_MS = 1000;

/**
 * Sends a request and reads its answer. What Neon says may be sent again is: 423 (the project is locked by a running
 * operation), 429 and 503 for any method, other failures of the server and of the network only for GET.
 *
 * @throws Problem `neon-auth`, `neon-not-found`, `neon-locked`, `neon-busy`, `neon-unreachable`, `neon-refused`,
 *   `neon-unreadable`; none quotes a body, which may hold a password
 */
export async function send<T>(context: TaskContext, request: NeonRequest, schema: z.ZodType<T>): Promise<T> {
  const began = Date.now();
  let said = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(context, request);
    if (answer.status >= 200 && answer.status < 300) return parsed(request, answer.body, schema);
    if (answer.status === 423 && Date.now() - began < LOCKED_MS) {
      if (!said) context.say('the project is locked by a running operation; waiting for it');
      said = true;
      await sleep(LOCKED_WAIT_MS, undefined, { signal: context.signal });
      continue;
    }
    if (!mayRepeat(request, answer.status) || attempt > AGAIN) throw problem(request, answer);
    await sleep(answer.retryAfterMs ?? BUSY_WAIT_MS * attempt, undefined, { signal: context.signal });
  }
}

interface Answer {
  /** 0: there was none. */
  status: number;
  body: unknown;
  retryAfterMs?: number;
  /** Why there was none. */
  why?: string;
}

async function once(context: TaskContext, { method, path, body }: NeonRequest): Promise<Answer> {
  context.signal.throwIfAborted();
  const key = context.secret(KEY).use((bytes) => bytes.toString('utf8').trim());
  try {
    const response = await fetch(`${context.env[BASE_VARIABLE] ?? BASE}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The key must not follow to another host.
      redirect: 'error',
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(ANSWER_MS)]),
    });
    const after = Number(response.headers.get('retry-after'));
    const text = await response.text();
    return { status: response.status, body: json(text), ...(after > 0 ? { retryAfterMs: after * 1000 } : {}) };
  } catch (error) {
    if (context.signal.aborted) throw error;
    const cause = (error as Error).cause;
    return { status: 0, body: undefined, why: cause instanceof Error ? cause.message : (error as Error).message };
  }
}

/** Pure. A POST whose answer was lost may have been done, and would be done twice. */
export function mayRepeat({ method }: Pick<NeonRequest, 'method'>, status: number): boolean {
  return status === 429 || status === 503 || (method === 'GET' && (status === 0 || status >= 500));
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T>({ method, path }: NeonRequest, body: unknown, schema: z.ZodType<T>): T {
  const found = schema.safeParse(body);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new Problem(
    {
      code: 'neon-unreadable',
      what: `Neon's answer to ${method} ${path} cannot be read: ${issue?.path.join('.') || 'its top'}: ${issue?.message}.`,
      means:
        method === 'GET'
          ? 'This request only reads.'
          : 'The request was accepted; look at what it did before repeating it.',
      next: ['https://console.neon.tech'],
    },
    EXIT.failed,
  );
}

function problem({ method, path }: NeonRequest, { status, body, why }: Answer): Problem {
  const said = failure.safeParse(body).data;
  const words = said ? ` ${said.message}${said.request_id ? ` (request ${said.request_id})` : ''}` : '';
  const unchanged = method === 'GET' ? 'This request only reads.' : 'Neon did not do what was asked.';
  switch (status) {
    case 0:
      return new Problem(
        {
          code: 'neon-unreachable',
          what: `Neon's API gives no answer: ${why}.`,
          means: method === 'GET' ? unchanged : 'Whether it was done is not known: look before repeating it.',
          next: ['https://neonstatus.com', 'check the network of this machine'],
        },
        EXIT.failed,
      );
    case 401:
    case 403:
      return new Problem(
        {
          code: 'neon-auth',
          what: `Neon refuses the key.${words}`,
          means: 'The key is wrong, was revoked, or is not for this project.',
          next: [`enter ${KEY} again`, 'https://console.neon.tech/app/settings/api-keys'],
        },
        EXIT.auth,
      );
    case 404:
      return new Problem(
        {
          code: 'neon-not-found',
          what: `Neon does not know ${path.split('?')[0]}.${words}`,
          means: unchanged,
          next: ['check the id of the project and the name of the branch'],
        },
        EXIT.failed,
      );
    case 423:
      return new Problem(
        {
          code: 'neon-locked',
          what: 'The Neon project is still locked by a running operation.',
          means: unchanged,
          next: ['look at the operations of the project, then run it again (r)'],
        },
        EXIT.failed,
      );
    case 429:
    case 503:
      return new Problem(
        {
          code: 'neon-busy',
          what: `Neon is busy (${status}).${words}`,
          means: unchanged,
          next: ['wait a minute, then run it again (r)', 'https://neonstatus.com'],
        },
        EXIT.failed,
      );
    default:
      return new Problem(
        {
          code: 'neon-refused',
          what: `Neon answered ${method} ${path.split('?')[0]} with ${status}.${words}`,
          means: unchanged,
          next: ['read its message above'],
        },
        EXIT.failed,
      );
  }
}
