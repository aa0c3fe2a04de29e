import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { words } from '../../../src/rehearsal/render/words.ts';
import { Secret } from '../../../src/secrets/secret.ts';
import type { Deploy } from '../../../tasks/render/answers.ts';
import { bodyOf } from '../../../tasks/render/deploy.ts';
import { rollbackTargets, standing } from '../../../tasks/render/deploy-states.ts';
import { envRule, judgeVariables } from '../../../tasks/render/env-rules.ts';
import { refusal } from '../../../tasks/render/refusal.ts';
import * as requests from '../../../tasks/render/requests.ts';
import { startCommand } from '../../../tasks/render/start-command.ts';
import { faultOf, tracebackFrom } from '../../../tasks/render/traceback.ts';
import { askedToWait, pollDelay } from '../../../tasks/render/waiting.ts';

describe('requests', () => {
  const id = 'srv-abc';
  test.each([
    [requests.whoAmI(), 'GET https://api.render.com/v1/users'],
    [requests.servicesNamed('shop'), 'GET https://api.render.com/v1/services?name=shop'],
    [requests.setAutoDeploy(id, 'no'), 'PATCH https://api.render.com/v1/services/srv-abc {"autoDeploy":"no"}'],
    [
      requests.putEnvVar(id, 'SECRET_KEY', new Secret('SECRET_KEY', Buffer.from('hush-hush'))),
      'PUT https://api.render.com/v1/services/srv-abc/env-vars/SECRET_KEY {"value":"$SECRET_KEY"}',
    ],
    [
      requests.createDeploy(id, { clearCache: 'clear' }),
      'POST https://api.render.com/v1/services/srv-abc/deploys {"clearCache":"clear"}',
    ],
    [requests.rollback(id, 'dep-1'), 'POST https://api.render.com/v1/services/srv-abc/rollback {"deployId":"dep-1"}'],
    [
      requests.createJob(id, 'python -m alembic upgrade head'),
      'POST https://api.render.com/v1/services/srv-abc/jobs {"startCommand":"python -m alembic upgrade head"}',
    ],
    [requests.job(id, 'job-1'), 'GET https://api.render.com/v1/services/srv-abc/jobs/job-1'],
    [
      requests.logs({
        owner: 'tea-1',
        resource: id,
        start: '2026-01-01',
        direction: 'backward',
        type: 'app',
        limit: 5,
      }),
      'GET https://api.render.com/v1/logs?ownerId=tea-1&resource=srv-abc&startTime=2026-01-01&direction=backward&type=app&limit=5',
    ],
  ])('%#', (request, line) => {
    expect(requests.written(request)).toBe(line);
  });

  test('an id cannot leave its place in the path', () => {
    expect(requests.putEnvVar('srv-1', '../x', 'v').path).toBe('/services/srv-1/env-vars/..%2Fx');
  });

  test('there is no request for the whole set of variables', () => {
    const made = Object.values(requests).flatMap((make) =>
      typeof make === 'function' ? [(make as (...given: string[]) => unknown)('srv-1', 'a', 'b')] : [],
    );
    expect(JSON.stringify(made)).not.toMatch(/"PUT","path":"[^"]*\/env-vars"/);
  });

  test('a start without a build names nothing else', () => {
    const base = { service: 'shop', clear_cache: false, build: true };
    expect(bodyOf(base)).toEqual({ clearCache: 'do_not_clear' });
    expect(bodyOf({ ...base, clear_cache: true, commit: 'abc' })).toEqual({ clearCache: 'clear', commitId: 'abc' });
    expect(bodyOf({ ...base, build: false })).toEqual({ deployMode: 'deploy_only' });
  });
});

describe('how long to wait', () => {
  const NOW = Date.parse('2026-11-22T00:00:00Z');
  const header = (given: Record<string, string>) => (name: string) => given[name] ?? null;
  test.each([
    [{}, 5_000],
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 00:00:09 GMT' }, 9_000],
    [{ 'ratelimit-reset': '45' }, 45_000],
    [{ 'ratelimit-reset': String(NOW / 1000 + 12) }, 12_000],
    [{ 'ratelimit-reset': String(NOW / 1000 - 12) }, 250],
    [{ 'ratelimit-reset': 'soon' }, 5_000],
    [{ 'retry-after': '3', 'ratelimit-reset': '45' }, 3_000],
    [{ 'retry-after': '86400' }, 60_000],
  ])('%j → %i ms', (headers, ms) => {
    expect(askedToWait(header(headers), NOW)).toBe(ms);
  });

  test('whatever a header says, the wait is bounded', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (after, reset) => {
        const ms = askedToWait(header({ 'retry-after': after, 'ratelimit-reset': reset }), NOW);
        return ms >= 250 && ms <= 60_000;
      }),
    );
  });

  test('polls slow down to what Render’s limits suit', () => {
    expect([0, 1, 2, 3, 50].map((n) => pollDelay({}, n))).toEqual([1000, 2000, 3000, 5000, 5000]);
    expect(pollDelay({ TEJUN_RENDER_POLL_MS: '40' }, 9)).toBe(40);
  });
});

describe('the rules of environment variables', () => {
  const VALUE = 'postgres://shop:hunter2@db/shop';
  const judge = (rule: object, value?: string, other?: string) =>
    judgeVariables(
      { NAME: envRule.parse(rule) },
      new Map([...(value === undefined ? [] : [['NAME', value] as const]), ['PLAN', 'unlimited']]),
      new Map([['prod', new Map(other === undefined ? [] : [['NAME', other]])]]),
    )[0];

  test.each([
    ['there', {}, 'x', undefined, 'good'],
    ['missing', {}, undefined, undefined, 'missing'],
    ['empty is missing', {}, '', undefined, 'missing'],
    ['optional', { optional: 'only the generation fails' }, undefined, undefined, 'absent'],
    ['not needed', { when: { PLAN: 'limited' } }, undefined, undefined, 'absent'],
    ['needed', { when: { PLAN: 'unlimited' } }, undefined, undefined, 'missing'],
    ['scheme', { scheme: ['postgresql'] }, 'postgresql://u@h/d', undefined, 'good'],
    ['other scheme', { scheme: ['postgresql'] }, VALUE, undefined, 'wrong'],
    ['no URL', { scheme: ['postgresql'] }, 'shop', undefined, 'wrong'],
    ['allowed', { allowed: ['0'] }, '0', undefined, 'good'],
    ['not allowed', { allowed: ['0'] }, '1', undefined, 'wrong'],
    ['pattern is for the whole value', { pattern: '\\d+' }, '30 a month', undefined, 'wrong'],
    ['too short', { min_length: 32 }, 'short', undefined, 'wrong'],
    ['other than elsewhere', { differs_from: 'prod' }, 'mine', 'theirs', 'good'],
    ['the same as elsewhere', { differs_from: 'prod' }, 'ours', 'ours', 'wrong'],
    ['not there elsewhere', { differs_from: 'prod' }, 'mine', undefined, 'good'],
    ['must be absent', { absent: true }, 'x', undefined, 'wrong'],
    ['white space around it', {}, 'x ', undefined, 'wrong'],
  ])('%s', (_, rule, value, other, state) => {
    expect(judge(rule, value, other)).toMatchObject({ state });
  });

  test('what is found never tells a value', () => {
    const secret = 'hunter2-5c0ffee5';
    const rules = [
      { scheme: ['redis'] },
      { allowed: ['0'] },
      { pattern: 'a' },
      { min_length: 99 },
      { differs_from: 'prod' },
    ];
    expect(JSON.stringify(rules.map((rule) => judge(rule, secret, secret)))).not.toContain(secret);
  });
});

describe('deploys', () => {
  const deploy = (id: string, status: string, commit?: string): Deploy => ({
    id,
    status,
    createdAt: '2026-11-22T00:00:00Z',
    ...(commit === undefined ? {} : { commit: { id: commit } }),
  });

  test.each([
    ['created', 'going'],
    ['queued', 'going'],
    ['build_in_progress', 'going'],
    ['update_in_progress', 'going'],
    ['pre_deploy_in_progress', 'going'],
    ['live', 'live'],
    ['deactivated', 'replaced'],
    ['build_failed', 'failed'],
    ['update_failed', 'failed'],
    ['pre_deploy_failed', 'failed'],
    ['canceled', 'failed'],
    ['a_state_of_tomorrow', 'going'],
  ])('%s is %s', (status, where) => {
    expect(standing({ status })).toBe(where);
  });

  test('the way back: once live, other code, the newest of each', () => {
    const list = [
      deploy('dep-6', 'update_failed', 'eee'),
      deploy('dep-5', 'live', 'ccc'),
      deploy('dep-4', 'deactivated', 'ccc'),
      deploy('dep-3', 'deactivated', 'bbb'),
      deploy('dep-2', 'deactivated', 'bbb'),
      deploy('dep-1', 'deactivated', 'aaa'),
    ];
    expect(rollbackTargets(list).map(({ id }) => id)).toEqual(['dep-3', 'dep-1']);
    expect(rollbackTargets([deploy('dep-1', 'live', 'aaa')])).toEqual([]);
  });
});

describe('the command of a job', () => {
  test.each([
    ['python -m alembic upgrade head', {}, 'python -m alembic upgrade head'],
    ['python x.py', { TENANT_ID: '2' }, "sh -c 'TENANT_ID=2 python x.py'"],
    ['test -f a && echo there', {}, "sh -c 'test -f a && echo there'"],
    ["echo 'a b'", {}, "echo 'a b'"],
  ])('%s %j', (command, env, sent) => {
    expect(startCommand(command, env)).toBe(sent);
  });

  test('a value with any sign arrives as it is', () => {
    const text = fc.string({ unit: fc.constantFrom(...`ab '"\\$\n;|&`) });
    fc.assert(
      fc.property(text, (value) => {
        const [sh, dash, script = ''] = words(startCommand('run', { NAME: value })) ?? [];
        const [assigned] = words(script) ?? [];
        return sh === 'sh' && dash === '-c' && assigned === `NAME=${value}`;
      }),
    );
  });
});

describe('an exception in the log', () => {
  const LOG = [
    'INFO before',
    'ERROR in app: Unhandled exception error_id=ab12cd34 path=/staff/references',
    'Traceback (most recent call last):',
    '  File "/opt/render/project/src/app.py", line 1, in <module>',
    'psycopg.errors.UndefinedTable: relation "master_products" does not exist',
    '',
    'The above exception was the direct cause of the following exception:',
    '',
    'Traceback (most recent call last):',
    '  File "/opt/render/project/src/db.py", line 9, in run',
    '    raise error',
    'sqlalchemy.exc.ProgrammingError: (psycopg.errors.UndefinedTable) relation "master_products" does not exist',
    'INFO after',
  ];

  test('the last of a chain, with all of its lines', () => {
    const found = tracebackFrom(LOG, 1);
    expect(found?.exception).toMatch(/^sqlalchemy\.exc\.ProgrammingError/);
    expect(found?.lines).toEqual(LOG.slice(1, 12));
  });

  test('none where there is none, or where it is another request’s', () => {
    expect(tracebackFrom(['error_id=1', 'INFO nothing'], 0)).toBeUndefined();
    expect(
      tracebackFrom(['error_id=1', ...Array.from({ length: 60 }, () => 'INFO'), ...LOG.slice(2)], 0),
    ).toBeUndefined();
    expect(tracebackFrom(LOG.slice(1, 4), 0)).toBeUndefined();
  });

  test.each([
    ['psycopg.errors.UndefinedTable: relation', 'schema'],
    ['sqlalchemy.exc.NoSuchTableError: users', 'schema'],
    ['psycopg.OperationalError: connection refused', 'database'],
    ["ModuleNotFoundError: No module named 'pricing'", 'build'],
    ["KeyError: 'brand'", 'code'],
  ])('%s is a fault of the %s', (exception, fault) => {
    expect(faultOf(exception)).toBe(fault);
  });
});

describe('refusals', () => {
  const request = requests.setAutoDeploy('srv-1', 'no');
  test.each([
    [401, 'render-auth'],
    [402, 'render-payment'],
    [403, 'render-auth'],
    [404, 'render-not-found'],
    [409, 'render-conflict'],
    [410, 'render-not-found'],
    [423, 'render-locked'],
    [429, 'render-rate-limit'],
    [400, 'render-refused'],
    [406, 'render-refused'],
    [500, 'render-down'],
    [503, 'render-down'],
  ])('%i is %s', (status, code) => {
    const found = refusal(request, status, '{"id":"x","message":"in Render’s words"}');
    expect(found).toMatchObject({ code });
    expect(found.next?.length).toBeGreaterThan(0);
  });

  test('of a change that met a 5xx nothing is claimed', () => {
    expect(refusal(request, 503, '').means).toContain('not known');
    expect(refusal(requests.whoAmI(), 503, '<html>').means).not.toContain('not known');
  });
});
