import { Problem } from '../../src/problem.ts';
import { type HttpRequest, parseHttp, SAFE_METHODS } from '../../src/runbook/http-body.ts';
import { scriptInput } from '../script/script.ts';
import type { ScriptInput, Task, TaskContext } from '../task.ts';
import { type Answer, type Checked, check } from './assertion.ts';
import { readBounded } from './read-bounded.ts';
import { shown, unreachable } from './unreachable.ts';

/** How much of it the journal keeps. */
const LONGEST_EXCERPT = 2048;

/** Headers that help to find out what answered; none of them carries a session. */
const KEPT_HEADERS = [
  'content-type',
  'content-length',
  'date',
  'server',
  'location',
  'retry-after',
  'via',
  'x-request-id',
  'fly-request-id',
];

/** One request and what its answer must be: `GET …`, then `??` lines. Without any, the status must be 200 to 299. */
export const http: Task<ScriptInput> = {
  name: 'http',
  input: scriptInput,
  effect: 'read',
  effectOf({ body }) {
    const method = parseHttp(body).request?.method;
    return method === undefined || SAFE_METHODS.has(method) ? 'read' : 'write';
  },
  describe({ body }) {
    const { request } = parseHttp(body);
    return request ? written(request) : body.trimEnd().split('\n');
  },
  async run({ body }, context) {
    const request = parsed(body);
    let answer: Answer;
    try {
      answer = await send(withSecrets(request, context), context.signal);
    } catch (error) {
      const problem = unreachable(error, request.url, context.signal);
      return { outcome: 'failed', summary: problem.what, evidence: { url: shown(request.url), status: null }, problem };
    }
    const ms = Math.round(answer.ms);
    context.say(`${request.method} ${shown(request.url)} → ${answer.status} in ${ms} ms`);
    const excerpt = answer.body.slice(0, LONGEST_EXCERPT);
    for (const line of excerpt.split('\n')) if (line.trim() !== '') context.say(line);
    const assertions = request.assertions.map((assertion) => check(assertion, answer));
    for (const { ok, text, actual } of assertions)
      context.say(`${ok ? '✓' : '✗'} ${text}${ok ? '' : ` — was ${actual}`}`);
    const failed = request.assertions.length > 0 ? assertions.filter(({ ok }) => !ok) : unlessFine(answer);
    const headers = Object.fromEntries(
      KEPT_HEADERS.flatMap((name) => (answer.headers[name] === undefined ? [] : [[name, answer.headers[name]]])),
    );
    const evidence = {
      method: request.method,
      url: shown(request.url),
      status: answer.status,
      ms,
      headers,
      body: excerpt,
      assertions,
    };
    if (failed.length === 0) {
      return { outcome: 'passed', summary: `${answer.status} in ${ms} ms`, evidence, text: answer.body };
    }
    const said = failed.map(({ text, actual }) => `expected ${text}, was ${actual}`).join('; ');
    return {
      outcome: 'failed',
      summary: `${answer.status} in ${ms} ms · ${said}`,
      evidence,
      text: answer.body,
      problem: {
        code: 'http-assertion-failed',
        what: `${request.method} ${shown(request.url)}: ${said}.`,
        means: answer.body.trim() === '' ? 'The answer was empty.' : `It answered: ${answer.body.trim().slice(0, 200)}`,
        next: [`curl -i '${shown(request.url)}'`, 'read its output (l)'],
      },
    };
  },
};

function parsed(body: string): HttpRequest {
  const { request, issues } = parseHttp(body);
  if (request) return request;
  const [issue] = issues;
  throw new Problem({
    code: issue?.code ?? 'http-request',
    what: issue ? `${issue.what} (line ${issue.line} of the request)` : 'There is no request.',
    means: 'Nothing was sent.',
    next: issue?.next ?? [],
  });
}

function unlessFine({ status }: Answer): Checked[] {
  return status >= 200 && status < 300 ? [] : [{ text: 'status 200 to 299', ok: false, actual: String(status) }];
}

/** The request as it stands in a runbook, its assertions left out. */
function written({ method, url, headers, body }: HttpRequest): string[] {
  const head = [`${method} ${shown(url)}`, ...headers.map(({ name, value }) => `${name}: ${value}`)];
  return body === undefined ? head : [...head, '', ...body.split('\n')];
}

/**
 * Puts the step's secrets in for `$NAME` in headers and body, at the last moment. Never in the URL: servers log those.
 */
function withSecrets(request: HttpRequest, context: TaskContext): HttpRequest {
  const reveal = (text: string) =>
    context.secretNames.reduce(
      (so, name) =>
        so.replace(new RegExp(`\\$(?:\\{${name}\\}|${name}(?![A-Za-z0-9_]))`, 'g'), () =>
          context.secret(name).use((bytes) => bytes.toString('utf8')),
        ),
      text,
    );
  return {
    ...request,
    headers: request.headers.map(({ name, value }) => ({ name, value: reveal(value) })),
    ...(request.body === undefined ? {} : { body: reveal(request.body) }),
  };
}

/** Redirects are not followed: where they lead is part of the answer. */
async function send({ method, url, headers, body }: HttpRequest, signal: AbortSignal): Promise<Answer> {
  const began = performance.now();
  const response = await fetch(url, {
    method,
    headers: headers.map(({ name, value }): [string, string] => [name, value]),
    redirect: 'manual',
    signal,
    ...(body === undefined ? {} : { body }),
  });
  const text = await readBounded(response);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: text,
    ms: performance.now() - began,
  };
}
