import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { branchPage, changed, operationPage } from '../../../tasks/neon/answers.ts';
import { mayRepeat } from '../../../tasks/neon/api.ts';
import { inHours, momentAt, outsideHistory } from '../../../tasks/neon/moment.ts';
import * as neon from '../../../tasks/neon/requests.ts';
import { isOver } from '../../../tasks/neon/settling.ts';

const project = 'misty-sea-123456';
const api = 'https://console.neon.tech/api/v2/projects/misty-sea-123456';

test.each([
  [neon.project(project), `GET ${api}`],
  [neon.branches(project, 'main'), `GET ${api}/branches?search=main&limit=100`],
  [neon.branches(project, 'main', 'br-1'), `GET ${api}/branches?search=main&limit=100&cursor=br-1`],
  [neon.endpoints(project, 'br-1'), `GET ${api}/branches/br-1/endpoints`],
  [neon.operations(project), `GET ${api}/operations?limit=100`],
  [neon.operation(project, 'op-1'), `GET ${api}/operations/op-1`],
  [
    neon.connectionUri(project, { branch: 'br-1', database: 'shop', role: 'owner', pooled: false }),
    `GET ${api}/connection_uri?branch_id=br-1&database_name=shop&role_name=owner&pooled=false`,
  ],
  [
    neon.createBranch(project, { name: 'rescue', parent: 'br-1', at: '2026-03-01T02:40:00.000Z' }),
    `POST ${api}/branches {"branch":{"name":"rescue","parent_id":"br-1","parent_timestamp":"2026-03-01T02:40:00.000Z"},"endpoints":[{"type":"read_write"}]}`,
  ],
  [
    neon.createBranch(project, { name: 'now', parent: 'br-1' }),
    `POST ${api}/branches {"branch":{"name":"now","parent_id":"br-1"},"endpoints":[{"type":"read_write"}]}`,
  ],
  [
    neon.restoreBranch(project, 'br-1', { at: '2026-03-01T02:40:00.000Z', preserveAs: 'before' }),
    `POST ${api}/branches/br-1/restore {"source_branch_id":"br-1","source_timestamp":"2026-03-01T02:40:00.000Z","preserve_under_name":"before"}`,
  ],
  [neon.restartEndpoint(project, 'ep-1'), `POST ${api}/endpoints/ep-1/restart`],
])('%#: exactly this request', (request, line) => expect(neon.asRequest(request)).toBe(line));

describe('what may be sent again', () => {
  test.each([
    ['GET', 0, true],
    ['GET', 500, true],
    ['GET', 502, true],
    ['GET', 429, true],
    ['GET', 404, false],
    ['GET', 400, false],
    ['POST', 429, true],
    ['POST', 503, true],
    ['POST', 0, false],
    ['POST', 500, false],
    ['POST', 504, false],
  ] as const)('%s answered with %i: %s', (method, status, again) => expect(mayRepeat({ method }, status)).toBe(again));
});

describe('points in time', () => {
  const now = new Date('2026-03-01T03:00:00Z');

  test.each([
    ['15m', '2026-03-01T02:45:00.000Z'],
    ['2h', '2026-03-01T01:00:00.000Z'],
    ['1d', '2026-02-28T03:00:00.000Z'],
    ['90s', '2026-03-01T02:58:30.000Z'],
    ['2026-03-01T11:40:00+09:00', '2026-03-01T02:40:00.000Z'],
  ])('%s is %s', (text, at) => expect(momentAt(text, now).toISOString()).toBe(at));

  test('one in the future, or from before the history, is refused; any other is not', () => {
    const retention = 21_600;
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (ago) => {
        const at = new Date(now.getTime() - ago * 1000);
        const inside = ago >= 0 && ago <= retention;
        expect(outsideHistory(at, { now, retention })?.code).toBe(inside ? undefined : 'neon-outside-history');
      }),
    );
  });

  test.each([
    [21_600, '6 h'],
    [5400, '1.5 h'],
    [604_800, '7 d'],
  ])('%i seconds are %s', (seconds, words) => expect(inHours(seconds)).toBe(words));
});

describe('what Neon answers', () => {
  test.each([
    ['scheduling', false],
    ['running', false],
    ['cancelling', false],
    ['finished', true],
    ['skipped', true],
    ['failed', true],
    ['error', true],
    ['cancelled', true],
  ] as const)('an operation that is %s is over: %s', (status, over) => expect(isOver({ status })).toBe(over));

  test('pages name the next one, or none', () => {
    const page = (next?: string) => ({
      branches: [],
      annotations: {},
      pagination: { sort_by: 'updated_at', sort_order: 'desc', ...(next ? { next } : {}) },
    });
    expect(branchPage.parse(page('br-9')).pagination?.next).toBe('br-9');
    expect(branchPage.parse(page()).pagination?.next).toBeUndefined();
    expect(operationPage.parse({ operations: [] }).pagination).toBeUndefined();
  });

  test('the connection strings of a new branch are dropped as they are read', () => {
    const branch = {
      id: 'br-1',
      name: 'rescue',
      project_id: project,
      current_state: 'init',
      created_at: '2026-03-01T00:00:00Z',
    };
    const answer = {
      branch,
      endpoints: [],
      operations: [],
      connection_uris: [{ connection_uri: 'postgresql://u:hunter2@h/d' }],
    };
    expect(JSON.stringify(changed.parse(answer))).not.toContain('hunter2');
  });
});
