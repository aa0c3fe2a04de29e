import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../src/exec/command.ts';
import { type Aftermath, evidenceOf, explain, findOut, replaced, summarize } from '../../../tasks/compose/aftermath.ts';
import { up } from '../../../tasks/compose/commands.ts';
import { ENDED } from '../context.ts';
import { container, NOW } from './containers.ts';

const services = ['api', 'web'];
const before = [container('api'), container('web')];
const fresh = (other = {}) => container('api', { id: 'new'.padEnd(64, '1'), ...other });

const made = (after: Aftermath['after']): Aftermath => ({ services, mayExit: [], before, after, at: NOW });
const failed: Exit = {
  ...ENDED,
  code: 1,
  stderr: 'dependency failed to start: container salon_gbp_api is unhealthy\n',
};

test.each([
  ['healthy', ENDED, made([fresh(), container('web')]), undefined],
  ['healthy', ENDED, made(before), undefined],
  ['unhealthy', failed, made([fresh({ health: 'unhealthy' }), container('web')]), undefined],
  // 1.29 cannot wait, and `up -d` ends well whatever comes of it.
  ['unhealthy', ENDED, made([fresh({ state: 'restarting', restarts: 4 }), container('web')]), undefined],
  ['not-released', failed, made(before), undefined],
  ['not-released', ENDED, made([container('api', { state: 'exited', exit: 1 }), container('web')]), undefined],
  ['up-failed', failed, made([fresh(), container('web')]), undefined],
  ['interrupted', ENDED, made([fresh(), container('web')]), 'timed out'],
  ['unverified', ENDED, made(undefined), undefined],
] as const)('%s', (finding, exit, aftermath, cut) => {
  expect(findOut(exit, aftermath, cut)).toBe(finding);
});

test('a container of the same service with another id is a new one', () => {
  expect(replaced(made([fresh(), container('web')]))).toEqual(['api']);
  expect(replaced(made(before))).toEqual([]);
});

test('evidence says what is true now', () => {
  expect(evidenceOf(made([fresh({ health: 'unhealthy' }), container('web')]))).toMatchObject({
    released: true,
    healthy: false,
    replaced: ['api'],
  });
  expect(evidenceOf(made(undefined))).toEqual({ released: false, healthy: false, replaced: [], services: [] });
});

test('one line for the table', () => {
  expect(summarize('healthy', made([fresh(), container('web')]), undefined)).toBe(
    '2/2 services run · 2/2 healthy · new: api',
  );
  expect(summarize('healthy', made(before), undefined)).toBe('2/2 services run · 2/2 healthy · nothing had to change');
});

describe('what it means', () => {
  const tell = (finding: Parameters<typeof explain>[0], exit: Exit, aftermath: Aftermath) =>
    explain(finding, {
      command: up({ cli: 'docker compose' }, [], { waitTimeout: 60 }),
      exit,
      aftermath,
      signal: new AbortController().signal,
    });

  test('released, not healthy: what is new, what is wrong, and the way back', () => {
    const found = tell(
      'unhealthy',
      failed,
      made([fresh({ health: 'unhealthy', healthSaid: 'HTTP 503' }), container('web')]),
    );
    expect(found).toMatchObject({
      code: 'released-not-healthy',
      what: 'New containers run (api), but not all is well: api is unhealthy (HTTP 503).',
    });
    expect(found.next?.join()).toContain('rollback');
  });

  test('not released: what ran before still runs', () => {
    const exit = { ...ENDED, code: 1, stderr: 'Error response from daemon: network app-network not found\n' };
    expect(tell('not-released', exit, made(before))).toMatchObject({
      code: 'not-released',
      what: 'No container was replaced: network app-network not found',
      means: 'What ran before still runs, and is healthy.',
    });
  });

  test('a refusal with a name of its own keeps it', () => {
    const exit = {
      ...ENDED,
      code: 1,
      stderr: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    };
    expect(tell('not-released', exit, made(before)).code).toBe('compose-daemon');
  });
});
