import * as z from 'zod';
import { type HttpAssertion, parseHttp } from '../../src/runbook/http-body.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { count, httpUrl, secretName } from '../input.ts';
import type { Task, TaskContext, TaskResult } from '../task.ts';
import { type Answer, type Checked, check } from './assertion.ts';
import { CookieJar } from './cookie-jar.ts';
import { readBounded } from './read-bounded.ts';
import { shown, unreachable } from './unreachable.ts';

const assertions = z.array(z.string().min(1)).superRefine((lines, issues) => {
  const { issues: found } = parse(lines);
  for (const { what } of found ?? []) issues.addIssue({ code: 'custom', message: what });
});

const path = z.string().regex(/^\/(?!\/)\S*$/, 'a path, e.g. /login');

const page = z
  .strictObject({
    get: path.optional(),
    post: path.optional(),
    /** Whose cookies: each name has its own. */
    as: z.string().min(1).default('visitor'),
    /** Sent as an HTML form is. */
    form: z.record(z.string(), z.string()).default({}),
    /** Fields of the form whose value is a secret of the run, or was kept from an earlier page. */
    secret_form: z.record(z.string(), secretName).default({}),
    headers: z.record(z.string(), z.string()).default({}),
    times: count.default(1),
    expect: assertions.default([]),
    /** Parts of the answer that later pages send: a JSON pointer (`/password`), or an expression with one group. Never shown. */
    keep: z.record(secretName, z.string().min(1)).default({}),
  })
  .refine(({ get, post }) => (get === undefined) !== (post === undefined), 'either get or post')
  .refine(({ get, form, secret_form }) => get === undefined || isEmpty(form, secret_form), 'a get has no form');
type Page = z.infer<typeof page>;

const input = z
  .strictObject({ base_url: httpUrl, pages: z.array(page).min(1) })
  .refine(
    ({ pages }) => pages.every(({ keep }) => Object.values(keep).every(readsPart)),
    'keep: a pattern with one group',
  );
type Input = z.infer<typeof input>;

/** Pages one after another with cookies, as a person in a browser would walk them, and what each must answer. */
export const httpPages: Task<Input> = {
  name: 'http/pages',
  input,
  // A login changes nothing that lasts; a runbook whose forms do says `effect=write`.
  effect: 'read',
  describe: ({ base_url, pages }) => pages.flatMap((each) => written(base_url, each)),
  secrets: ({ pages }) => {
    const kept = new Set(pages.flatMap(({ keep }) => Object.keys(keep)));
    return [...new Set(pages.flatMap(({ secret_form }) => Object.values(secret_form)))].filter(
      (name) => !kept.has(name),
    );
  },
  async run({ base_url, pages }, context) {
    const jars = new Map<string, CookieJar>();
    const kept = new Map<string, Secret>();
    const results: Json[] = [];
    try {
      for (const each of pages) {
        const jar = jars.get(each.as) ?? new CookieJar();
        jars.set(each.as, jar);
        const failure = await visit(each, { base_url, jar, kept, context, results });
        if (failure) return { ...failure, evidence: { pages: results } };
      }
    } finally {
      for (const secret of kept.values()) secret.wipe();
    }
    const requests = pages.reduce((sum, { times }) => sum + times, 0);
    return { outcome: 'passed', summary: `${requests} requests as expected`, evidence: { pages: results } };
  },
};

type Json = { as: string; method: string; path: string; times: number; statuses: Record<string, number> };

interface Visit {
  base_url: string;
  jar: CookieJar;
  kept: Map<string, Secret>;
  context: TaskContext;
  results: Json[];
}

/** What a page with something to keep answers is not shown, because what is kept may be a password. */
async function visit(page: Page, { base_url, jar, kept, context, results }: Visit): Promise<TaskResult | undefined> {
  const [method, path] = target(page);
  const url = `${base_url.replace(/\/$/, '')}${path}`;
  const statuses: Record<string, number> = {};
  results.push({ as: page.as, method, path, times: page.times, statuses });
  for (let time = 1; time <= page.times; time += 1) {
    let answer: Answer;
    try {
      answer = await send(method, url, page, jar, formOf(page, kept, context), context.signal);
    } catch (error) {
      const problem = unreachable(error, url, context.signal);
      return { outcome: 'failed', summary: problem.what, problem };
    }
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    const which = page.times > 1 ? ` (${time} of ${page.times})` : '';
    context.say(`${page.as}: ${method} ${path} → ${answer.status} in ${Math.round(answer.ms)} ms${which}`);
    const wrong = judged(page.expect, answer)
      .filter(({ ok }) => !ok)
      .map((one) => (isEmpty(page.keep) || /^status\b/.test(one.text) ? one : { ...one, actual: '(not shown)' }));
    for (const { text, actual } of wrong) context.say(`✗ ${text} — was ${actual}`);
    if (wrong.length > 0) return failed(page, `${method} ${path}${which}`, wrong);
    for (const [name, part] of Object.entries(page.keep)) {
      const found = partOf(answer.body, part);
      if (found === undefined) return lacks(`${method} ${path}`, name);
      kept.set(name, new Secret(name, Buffer.from(found)));
    }
  }
  return undefined;
}

/** Without an assertion the status must be 200 to 399: a login answers with a redirect. */
function judged(expect: readonly string[], answer: Answer): Checked[] {
  if (expect.length === 0) {
    const ok = answer.status >= 200 && answer.status < 400;
    return [{ text: 'status 200 to 399', ok, actual: String(answer.status) }];
  }
  return (parse(expect).found ?? []).map((assertion) => check(assertion, answer));
}

async function send(
  method: string,
  url: string,
  page: Page,
  jar: CookieJar,
  form: URLSearchParams | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const began = performance.now();
  const cookies = jar.header();
  const response = await fetch(url, {
    method,
    headers: { ...page.headers, ...(cookies === undefined ? {} : { cookie: cookies }) },
    // Where a redirect leads is part of the answer, and an assertion can look at it.
    redirect: 'manual',
    signal,
    ...(form === undefined ? {} : { body: form }),
  });
  jar.take(response.headers.getSetCookie());
  const body = await readBounded(response);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body,
    ms: performance.now() - began,
  };
}

function formOf(page: Page, kept: Visit['kept'], context: TaskContext): URLSearchParams | undefined {
  if (page.post === undefined) return undefined;
  const form = new URLSearchParams(page.form);
  for (const [field, name] of Object.entries(page.secret_form)) {
    const secret = kept.get(name) ?? context.secret(name);
    secret.use((bytes) => form.append(field, bytes.toString('utf8')));
  }
  return form;
}

/** The part of an answer: by JSON pointer, or what the group of an expression matches. */
function partOf(body: string, part: string): string | undefined {
  if (!part.startsWith('/')) return new RegExp(part, 'u').exec(body)?.[1];
  let here: unknown;
  try {
    here = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const key of part.slice(1).split('/')) {
    if (here === null || typeof here !== 'object' || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return typeof here === 'string' && here !== '' ? here : undefined;
}

function readsPart(part: string): boolean {
  if (part.startsWith('/')) return true;
  try {
    return new RegExp(`${part}|`, 'u').exec('')?.length === 2;
  } catch {
    return false;
  }
}

/** Assertions as the language http has them (`status == 200`), without their `??`. */
function parse(lines: readonly string[]): { found?: readonly HttpAssertion[]; issues?: readonly { what: string }[] } {
  const { request, issues } = parseHttp(['GET http://page/', '', ...lines.map((line) => `?? ${line}`)].join('\n'));
  return request ? { found: request.assertions } : { issues };
}

function target({ get, post }: Page): [method: string, path: string] {
  return get === undefined ? ['POST', post ?? '/'] : ['GET', get];
}

function written(base_url: string, page: Page): string[] {
  const [method, path] = target(page);
  const fields = [
    ...Object.entries(page.form).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(page.secret_form).map(([name, secret]) => `${name}=$${secret}`),
  ];
  const times = page.times > 1 ? `${page.times} × ` : '';
  return [
    `${page.as}: ${times}${method} ${shown(base_url).replace(/\/$/, '')}${path}${fields.length > 0 ? `  ${fields.join('&')}` : ''}`,
    ...page.expect.map((line) => `   ?? ${line}`),
  ];
}

function failed(page: Page, what: string, wrong: readonly Checked[]): TaskResult {
  const said = wrong.map(({ text, actual }) => `expected ${text}, was ${actual}`).join('; ');
  return {
    outcome: 'failed',
    summary: `${page.as}: ${what}: ${said}`,
    problem: {
      code: 'http-assertion-failed',
      what: `${page.as}: ${what}: ${said}.`,
      means: 'The pages after it were not asked for.',
      next: ['read its output (l)', 'walk the same pages in a browser'],
    },
  };
}

function lacks(what: string, name: string): TaskResult {
  return {
    outcome: 'failed',
    summary: `the answer to ${what} has no ${name}`,
    problem: {
      code: 'http-nothing-to-keep',
      what: `The answer to ${what} does not hold what keep: calls ${name}.`,
      means: 'The pages after it were not asked for.',
      next: ['see in a browser what the page answers', 'mend the pointer or expression in the runbook'],
    },
  };
}

function isEmpty(...records: object[]): boolean {
  return records.every((record) => Object.keys(record).length === 0);
}
