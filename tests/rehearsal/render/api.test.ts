import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLimiter, limitOf } from '../../../src/rehearsal/render/limits.ts';
import { words } from '../../../src/rehearsal/render/words.ts';
import { openRender, type RenderRehearsal, SERVICE } from '../../tasks/render/a-rehearsal.ts';

let render: RenderRehearsal;
let owner = '';
let id = '';

beforeAll(async () => {
  render = await openRender();
  const found = await call('GET', `/services?name=${SERVICE}`);
  ({ id, ownerId: owner } = found.json[0].service);
}, 60_000);
afterAll(() => render?.site.close());

async function call(method: string, path: string, body?: unknown, key = render.site.env['RENDER_API_KEY']) {
  const response = await fetch(`${render.site.env['TEJUN_RENDER_API']}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? undefined : JSON.parse(text) };
}

describe('what the stand-in of Render refuses', () => {
  test('another key, or none', async () => {
    expect(await call('GET', '/users', undefined, 'rnd_other')).toMatchObject({ status: 401, json: { id: '' } });
    const bare = await fetch(`${render.site.env['TEJUN_RENDER_API']}/users`);
    expect(bare.status).toBe(401);
  });

  test.each<[method: string, path: string, body: unknown, status: number]>([
    ['GET', '/nothing', undefined, 404],
    ['DELETE', '/services/srv-x', undefined, 404],
    ['GET', '/services/srv-none', undefined, 404],
    ['GET', '/services/ID/deploys/dep-none', undefined, 404],
    ['GET', '/services/ID/jobs/job-none', undefined, 404],
    ['GET', '/services?limit=101', undefined, 400],
    ['GET', '/services?limit=0', undefined, 400],
    ['GET', '/services?cursor=nowhere', undefined, 400],
    ['GET', '/logs?resource=ID', undefined, 400],
    ['GET', '/logs?ownerId=OWNER', undefined, 400],
    ['GET', '/logs?ownerId=OWNER&resource=ID&direction=sideways', undefined, 400],
    ['GET', '/logs?ownerId=OWNER&resource=ID&type=audit', undefined, 400],
    ['GET', '/logs?ownerId=OWNER&resource=ID&startTime=yesterday', undefined, 400],
    ['PATCH', '/services/ID', { autoDeploy: 'off' }, 400],
    ['PATCH', '/services/ID', { auto_deploy: 'no' }, 400],
    ['POST', '/services/ID/rollback', {}, 400],
    ['POST', '/services/ID/rollback', { deployId: 'dep-none' }, 404],
    ['POST', '/services/ID/jobs', {}, 400],
    ['POST', '/services/ID/jobs', { startCommand: ' ' }, 400],
    ['POST', '/services/ID/jobs', { command: 'true' }, 400],
    ['POST', '/services/ID/deploys', { deployMode: 'deploy_only', clearCache: 'clear' }, 400],
    ['POST', '/services/ID/deploys', { deployMode: 'later' }, 400],
    ['POST', '/services/ID/deploys', { commitId: 'ffffffffffff' }, 400],
    ['PUT', '/services/ID/env-vars/KEY', {}, 400],
    ['PUT', '/services/ID/env-vars/a%20b', { value: 'x' }, 400],
  ])('%s %s %j → %i', async (method, path, body, status) => {
    const answered = await call(method, path.replace('ID', id).replace('OWNER', owner), body);
    expect(answered.status).toBe(status);
    expect(answered.json).toMatchObject({ id: expect.any(String), message: expect.any(String) });
  });
});

describe('what it does', () => {
  test('lists have cursors, and every answer its limits', async () => {
    const first = await call('GET', '/services?limit=1');
    const second = await call('GET', `/services?limit=1&cursor=${first.json[0].cursor}`);
    expect([first.json[0].service.name, second.json[0].service.name]).toEqual([SERVICE, 'shop']);
    expect(first.headers.get('ratelimit-limit')).toBe('400');
    expect(Number(first.headers.get('ratelimit-remaining'))).toBeLessThan(400);
  });

  test('the set of variables is replaced by the bulk request: what is not in it is gone', async () => {
    const { json: before } = await call('GET', `/services/${id}/env-vars?limit=100`);
    expect(before.length).toBeGreaterThan(3);
    const kept = before.map((item: { envVar: object }) => item.envVar);
    await call('PUT', `/services/${id}/env-vars`, [{ key: 'ONLY', value: '1' }]);
    expect(await render.ask('env-names')).toEqual(['ONLY']);
    await call('PUT', `/services/${id}/env-vars`, kept);
  });

  test('a job has no status at first, and a shell’s signs are only words to it', async () => {
    const { status, json } = await call('POST', `/services/${id}/jobs`, { startCommand: 'NAME=1 true' });
    expect(status).toBe(201);
    expect(json.status).toBeUndefined();
    await expect
      .poll(async () => (await call('GET', `/services/${id}/jobs/${json.id}`)).json.status, { timeout: 10_000 })
      .toBe('failed');
    const logs = await call('GET', `/logs?ownerId=${owner}&resource=${json.id}`);
    expect(logs.json.logs.map(({ message }: { message: string }) => message)).toEqual(['NAME=1: command not found']);
  });

  test('a deploy behind another is queued: 202 and no body', async () => {
    const [first, second] = [
      await call('POST', `/services/${id}/deploys`, {}),
      await call('POST', `/services/${id}/deploys`, {}),
    ];
    expect([first.status, second.status, second.text]).toEqual([201, 202, '']);
    await expect
      .poll(async () => ((await render.ask('deploys')) as { status: string }[])[0]?.status, { timeout: 15_000 })
      .toBe('live');
  });
});

describe('the limits of requests', () => {
  test.each([
    ['GET', '/services', 400],
    ['POST', '/services/srv-1/deploys', 10],
    ['PATCH', '/services/srv-1', 10],
    ['POST', '/services/srv-1/jobs', 2000],
    ['PUT', '/services/srv-1/env-vars/KEY', 30],
    ['POST', '/services/srv-1/rollback', 30],
  ])('%s %s: %i', (method, path, limit) => {
    expect(limitOf(method, path).limit).toBe(limit);
  });

  test('the eleventh deploy of a minute is refused, of another service it is not, and a minute later neither', () => {
    let now = 0;
    const limiter = createLimiter(() => now);
    const path = '/services/srv-1/deploys';
    const refused = Array.from({ length: 11 }, () => limiter('POST', path).refused);
    expect(refused.indexOf(true)).toBe(10);
    expect(limiter('POST', '/services/srv-2/deploys').refused).toBe(false);
    now = 15_000;
    expect(limiter('POST', path).headers).toMatchObject({ 'ratelimit-remaining': '0', 'ratelimit-reset': '45' });
    now = 60_000;
    expect(limiter('POST', path).refused).toBe(false);
  });
});

test.each([
  ['python -m alembic  upgrade head', ['python', '-m', 'alembic', 'upgrade', 'head']],
  ['sh -c \'A=1 run "x y"\'', ['sh', '-c', 'A=1 run "x y"']],
  ['a "b \\"c\\""d \\e', ['a', 'b "c"d', 'e']],
  ["a ''", ['a', '']],
  ["a 'b", undefined],
])('the words of %s', (command, expected) => {
  expect(words(command)).toEqual(expected);
});
