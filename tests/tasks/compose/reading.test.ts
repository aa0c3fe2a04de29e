import { describe, expect, test } from 'vitest';
import { Problem } from '../../../src/problem.ts';
import { inspect } from '../../../tasks/compose/commands.ts';
import { containerIds, inspected } from '../../../tasks/compose/containers.ts';
import { parseRows } from '../../../tasks/compose/reading.ts';

const NEW = { cli: 'docker compose' } as const;
const OLD = { cli: 'docker-compose' } as const;

/** Objects of `docker compose ps -a --format json`, with some of their keys. */
const ROWS = [
  {
    Command: '"uvicorn app.main:app"',
    ExitCode: 0,
    Health: 'healthy',
    ID: '02356a1f9839',
    Name: 'salon_gbp_api',
    Service: 'api',
    State: 'running',
  },
  {
    Command: '"celery -A app.worker"',
    ExitCode: 1,
    Health: '',
    ID: 'f445718b1d17',
    Name: 'salon_gbp_worker',
    Service: 'worker',
    State: 'exited',
  },
];

describe('ids of what ps prints', () => {
  test.each([
    ['JSON Lines, since 2.21', NEW, `${ROWS.map((row) => JSON.stringify(row)).join('\n')}\n`],
    ['one array, before', NEW, `${JSON.stringify(ROWS)}\n`],
    ['plain ids, in 1.29', OLD, '02356a1f9839\nf445718b1d17\n'],
  ] as const)('%s', (_, project, stdout) => {
    expect(containerIds(project, stdout)).toEqual(['02356a1f9839', 'f445718b1d17']);
  });

  test('an empty project prints nothing', () => {
    expect(containerIds(NEW, '')).toEqual([]);
    expect(containerIds(OLD, '\n')).toEqual([]);
  });

  test('a table, for a format that is not known, is no list', () => {
    expect(() => containerIds(NEW, 'NAME   IMAGE\n')).toThrow(Problem);
  });
});

/** A line of `docker inspect` of engine 20.10, in the format that is asked for. */
const LINE = JSON.stringify({
  id: '025b67de2add2d9e883f7d77146207df10ebebc97f5813087c056c9422ad09e6',
  name: '/proj_web_1',
  image: 'sha256:27f416527a5cdde1339abee589c2e95f5b19be029a30dfeda6d1df59a7da1d08',
  ref: 'tejun-box:1',
  labels: { 'com.docker.compose.project': 'proj', 'com.docker.compose.service': 'web' },
  state: {
    Status: 'running',
    Running: true,
    OOMKilled: false,
    ExitCode: 0,
    StartedAt: '2026-11-22T06:28:15.329611205Z',
    Health: {
      Status: 'unhealthy',
      FailingStreak: 3,
      Log: [
        { ExitCode: 1, Output: 'first' },
        { ExitCode: 1, Output: "wget: can't connect to remote host\n" },
      ],
    },
  },
  restarts: 2,
  cpus: 250000000,
  memory: 67108864,
});

test('a container as the engine tells it', () => {
  expect(parseRows(inspected, inspect(['025b67de2add']), LINE)).toEqual([
    {
      id: '025b67de2add2d9e883f7d77146207df10ebebc97f5813087c056c9422ad09e6',
      name: 'proj_web_1',
      service: 'web',
      state: 'running',
      health: 'unhealthy',
      healthSaid: "wget: can't connect to remote host",
      exit: 0,
      oomKilled: false,
      startedAt: new Date('2026-11-22T06:28:15.329Z'),
      restarts: 2,
      image: 'tejun-box:1',
      imageId: 'sha256:27f416527a5cdde1339abee589c2e95f5b19be029a30dfeda6d1df59a7da1d08',
      cpus: 0.25,
      memoryBytes: 64 * 1024 ** 2,
    },
  ]);
});

test('without a health check, and outside of compose', () => {
  const { state, labels: _, ...rest } = JSON.parse(LINE);
  const { Health: __, ...plain } = state;
  const [found] = parseRows(inspected, inspect(['x']), JSON.stringify({ ...rest, labels: null, state: plain }));
  expect(found).toMatchObject({ health: 'none', service: '' });
});

test.each(['{"id":1}', '{"id":"x"', 'Template parsing error'])(
  'an answer that cannot be read says so: %s',
  (stdout) => {
    expect(() => parseRows(inspected, inspect(['x']), stdout)).toThrow(/cannot be read/);
  },
);
