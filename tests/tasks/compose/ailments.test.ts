import { describe, expect, test } from 'vitest';
import { ailments, inWords, isPending, serviceRows } from '../../../tasks/compose/ailments.ts';
import type { Container } from '../../../tasks/compose/containers.ts';
import { container, NOW } from './containers.ts';

const justNow = new Date(NOW.getTime() - 5000);

test.each<[string, Container[]]>([
  ['api has no container', []],
  ['api exited (1)', [container('api', { state: 'exited', exit: 1 })]],
  ['api exited (0)', [container('api', { state: 'exited' })]],
  ['api exited (137), killed for want of memory', [container('api', { state: 'exited', exit: 137, oomKilled: true })]],
  ['api is created', [container('api', { state: 'created', health: 'none' })]],
  ['api is dead', [container('api', { state: 'dead' })]],
  ['api is paused', [container('api', { state: 'paused' })]],
  [
    'api is unhealthy (curl: (22) The requested URL returned error: 503)',
    [container('api', { health: 'unhealthy', healthSaid: 'curl: (22) The requested URL returned error: 503\nmore' })],
  ],
  ['api is not healthy yet', [container('api', { health: 'starting' })]],
  [
    'api restarts again and again (7 times, last exit code 1)',
    [container('api', { state: 'restarting', restarts: 7, exit: 1 })],
  ],
  // Between two crashes it runs: `docker ps` alone would call that "Up 2 seconds".
  [
    'api restarts again and again (3 times, last exit code 0)',
    [container('api', { restarts: 3, health: 'none', startedAt: justNow })],
  ],
])('%s', (what, containers) => {
  expect(ailments(containers, { services: ['api'], now: NOW })).toEqual([what]);
});

test.each<[string, Partial<Container>]>([
  ['without a health check', { health: 'none' }],
  ['healthy', {}],
  ['healthy again after it crashed long ago', { restarts: 4 }],
  ['healthy, just started for the second time', { restarts: 1, startedAt: justNow }],
])('a container that runs is well: %s', (_, other) => {
  expect(ailments([container('api', other)], { services: ['api'], now: NOW })).toEqual([]);
});

test('a one-shot service may end, with 0 only', () => {
  const ended = (exit: number) =>
    ailments([container('migrate', { state: 'exited', exit, health: 'none' })], {
      services: ['migrate'],
      mayExit: ['migrate'],
      now: NOW,
    });
  expect(ended(0)).toEqual([]);
  expect(ended(1)).toEqual(['migrate exited (1)']);
});

describe('waiting', () => {
  const expected = { services: ['api', 'web'], now: NOW };
  test.each<[boolean, string, Container[]]>([
    [true, 'one is starting', [container('api', { health: 'starting' }), container('web')]],
    [false, 'all are well', [container('api'), container('web')]],
    [
      false,
      'one is ill for good',
      [container('api', { health: 'starting' }), container('web', { state: 'exited', exit: 1 })],
    ],
    [false, 'one is not there', [container('web')]],
  ])('%s: %s', (pending, _, containers) => {
    expect(isPending(containers, expected)).toBe(pending);
  });
});

test('one line, and rows: a service without a container has one too', () => {
  const containers = [
    container('api'),
    container('web', { health: 'none' }),
    container('beat', { state: 'exited', health: 'none' }),
  ];
  expect(inWords(containers, ['api', 'web', 'beat', 'db'])).toBe('2/4 services run · 1/1 healthy');
  expect(serviceRows(containers, ['beat', 'db'])).toEqual([
    {
      service: 'beat',
      container: 'salon_gbp_beat',
      state: 'exited',
      health: 'none',
      exit: 0,
      restarts: 0,
      image: 'salon_gbp_app:latest',
    },
    { service: 'db', container: null, state: 'missing' },
  ]);
});
