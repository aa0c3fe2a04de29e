import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { releases, status } from '../../../tasks/fly/commands.ts';
import { parseImage, sameImage } from '../../../tasks/fly/image.ts';
import {
  type AppStatus,
  ailments,
  appStatus,
  inWords,
  isHealthy,
  runningVersion,
} from '../../../tasks/fly/machines.ts';
import { parse, snakeKeys } from '../../../tasks/fly/reading.ts';
import { olderThan } from '../../../tasks/fly/ready.ts';
import { lastErrorLine, refusal } from '../../../tasks/fly/refusal.ts';
import { releaseList, rollbackTargets } from '../../../tasks/fly/releases.ts';
import { compare, secretList } from '../../../tasks/fly/secret-list.ts';
import { ENDED } from '../context.ts';
import { machine, releasesAnswer, statusAnswer, type Told } from './answers.ts';

const going = new AbortController().signal;

function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  return parse(schema, status('booking'), JSON.stringify(answer, null, 4));
}

const app = (version: number, ...machines: Told[]): AppStatus => read(appStatus, statusAnswer(version, machines));

describe('keys of either case', () => {
  test('become one', () => {
    expect(snakeKeys({ ID: 1, ImageRef: 2, AppURL: 3, fly_release_version: 4, CreatedAt: [{ RawSlug: 5 }] })).toEqual({
      id: 1,
      image_ref: 2,
      app_url: 3,
      fly_release_version: 4,
      created_at: [{ raw_slug: 5 }],
    });
  });

  test('older flyctl printed the secrets with capitals', () => {
    expect(read(secretList, [{ Name: 'JWT', Digest: 'd', CreatedAt: '' }])).toEqual([{ name: 'JWT', staged: false }]);
    expect(read(secretList, [{ name: 'JWT', digest: 'd', status: 'Staged' }])).toEqual([{ name: 'JWT', staged: true }]);
  });

  test('help instead of JSON is said to be unreadable, with the command to try', () => {
    expect(() => parse(appStatus, status('booking'), 'Usage:\n  flyctl status [flags]\n')).toThrow(
      'The answer of "flyctl status -a booking --json" cannot be read: it is not JSON.',
    );
  });

  test('a document of another shape names the place', () => {
    expect(() => parse(releaseList, releases('booking'), '[{"Status":"complete"}]')).toThrow(/0\.version/);
  });
});

describe('healthy', () => {
  test.each<[string, AppStatus, string[]]>([
    ['started, passing, the current release', app(5, { check: 'passing' }, { id: 'b', check: 'passing' }), []],
    ['without checks', app(5, {}), []],
    ['no machine', app(5), ['no machine exists']],
    [
      'a critical check',
      app(5, { check: 'critical' }),
      ['check servicecheck-00-http-8080 of machine 148e1 is critical'],
    ],
    [
      'a warning is not passing',
      app(5, { check: 'warning' }),
      ['check servicecheck-00-http-8080 of machine 148e1 is warning'],
    ],
    ['a stopped machine', app(5, { state: 'stopped' }), ['machine 148e1 (eze) is stopped']],
    ['a stopped machine that may sleep', app(5, { state: 'suspended', autostop: 'suspend', check: 'critical' }), []],
    ['autostop as it was once printed', app(5, { state: 'stopped', autostop: true }), []],
    ['auto-stop off', app(5, { state: 'stopped', autostop: 'off' }), ['machine 148e1 (eze) is stopped']],
    [
      'a release that did not reach every machine',
      app(6, { version: 6 }, { id: 'b', version: 5 }),
      ['machine b runs release 5, while release 6 is the current one'],
    ],
  ])('%s', (_, told, wrong) => {
    expect(ailments(told)).toEqual(wrong);
    expect(isHealthy(told)).toBe(wrong.length === 0);
  });

  test('the step can allow stopped machines, though never failed ones', () => {
    expect(isHealthy(app(5, { state: 'stopped' }), { allowStopped: true })).toBe(true);
    expect(isHealthy(app(5, { state: 'failed' }), { allowStopped: true })).toBe(false);
  });

  test('a machine on an unreachable host has no config', () => {
    const { config: _, ...rest } = machine({});
    const told = read(appStatus, { ...statusAnswer(5, []), Machines: [{ ...rest, host_status: 'unreachable' }] });
    expect(told.machines[0]?.version).toBeUndefined();
    expect(runningVersion(told)).toBeUndefined();
  });

  test('in one line', () => {
    expect(inWords(app(6, { version: 6, check: 'passing' }, { id: 'b', state: 'stopped', check: 'critical' }))).toBe(
      '1/2 machines started · 1/2 checks passing · release 5 and 6',
    );
  });
});

describe('images', () => {
  test.each([
    ['registry.fly.io/booking:v5', { name: 'registry.fly.io/booking', tag: 'v5' }],
    ['localhost:5000/booking', { name: 'localhost:5000/booking' }],
    ['localhost:5000/booking:v5@sha256:ab', { name: 'localhost:5000/booking', tag: 'v5', digest: 'sha256:ab' }],
  ])('%s', (ref, parts) => {
    expect(parseImage(ref)).toEqual({ ref, ...parts });
  });

  test.each([
    ['r/a:v1', 'r/a:v1', true],
    ['r/a:v1', 'r/a:v2', false],
    ['r/a:v1@sha256:x', 'r/a:v1', true],
    ['r/a:v1@sha256:x', 'r/a:v2@sha256:x', true],
    ['r/a:v1@sha256:x', 'r/a:v1@sha256:y', false],
    ['r/a', 'r/a', false],
  ])('%s and %s are the same: %s', (one, other, same) => {
    expect(sameImage(parseImage(one), parseImage(other))).toBe(same);
  });
});

describe('where to go back to', () => {
  const targets = (list: ReturnType<typeof releasesAnswer>, ...machines: Told[]) =>
    rollbackTargets(read(releaseList, list), app(list[0]?.Version ?? 0, ...machines)).map(({ version }) => version);

  test('the complete releases with another image, newest first', () => {
    const list = releasesAnswer(
      [4, 'complete', 'v4'],
      [3, 'complete', 'v3'],
      [2, 'failed', 'v2'],
      [1, 'complete', 'v1'],
    );
    expect(targets(list, { version: 4, tag: 'v4' })).toEqual([3, 1]);
  });

  test('setting secrets makes a release with the same image: no target of its own', () => {
    const list = releasesAnswer(
      [4, 'complete', 'v4'],
      [3, 'complete', 'v2'],
      [2, 'complete', 'v2'],
      [1, 'complete', 'v1'],
    );
    expect(targets(list, { version: 4, tag: 'v4' })).toEqual([2, 1]);
  });

  test('after a failed deploy, secrets make a complete release of the failed image: never offered', () => {
    const list = releasesAnswer(
      [4, 'complete', 'bad'],
      [3, 'failed', 'bad'],
      [2, 'complete', 'v2'],
      [1, 'complete', 'v1'],
    );
    // The machines still run release 2: the list alone would say that release 4 is the current one.
    expect(targets(list, { version: 2, tag: 'v2' })).toEqual([1]);
  });

  test('a failed release that runs can be left for the one before it', () => {
    const list = releasesAnswer([3, 'failed', 'v3'], [2, 'complete', 'v2'], [1, 'complete', 'v1']);
    expect(targets(list, { version: 3, tag: 'v3' })).toEqual([2, 1]);
  });

  test('a rolling deploy that failed half-way: the image that some machines still run is the way back', () => {
    const list = releasesAnswer([2, 'failed', 'v2'], [1, 'complete', 'v1']);
    expect(targets(list, { version: 2, tag: 'v2' }, { id: 'b', version: 1, tag: 'v1' })).toEqual([1]);
  });

  test('an image that was deployed twice is offered once, by its newest release', () => {
    const list = releasesAnswer(
      [4, 'complete', 'v4'],
      [3, 'complete', 'v1'],
      [2, 'complete', 'v2'],
      [1, 'complete', 'v1'],
    );
    expect(targets(list, { version: 4, tag: 'v4' })).toEqual([3, 2]);
  });

  test('a first release has nothing before it', () => {
    expect(targets(releasesAnswer([1, 'complete', 'v1']), { version: 1, tag: 'v1' })).toEqual([]);
  });

  test('whatever the list, no target is incomplete or runs now, and no image comes twice', () => {
    const release = fc.tuple(fc.constantFrom('complete', 'failed', 'interrupted'), fc.constantFrom('v1', 'v2', 'v3'));
    fc.assert(
      fc.property(fc.array(release, { maxLength: 9 }), fc.constantFrom('v1', 'v2', 'v3'), (list, running) => {
        const answer = list.flatMap(([state, tag], at) => releasesAnswer([list.length - at, state, tag]));
        const found = rollbackTargets(read(releaseList, answer), app(9, { tag: running }));
        for (const { status: state, imageRef } of found) {
          expect(state).toBe('complete');
          expect(imageRef).not.toBe(`registry.fly.io/booking:${running}`);
        }
        expect(new Set(found.map(({ imageRef }) => imageRef)).size).toBe(found.length);
      }),
    );
  });
});

describe('what flyctl refuses', () => {
  const refused = (stderr: string) => refusal(status('booking'), { ...ENDED, code: 1, stderr }, going);

  test.each([
    ["Error: no access token available. Please login with 'flyctl auth login'"],
    ['Error: failed retrieving current user: You must be authenticated to view this. (Request ID: 01H-eze)'],
    ['Error: failed to fetch discharge tokens: tp error (401): unauthorized'],
    ['Error: Not authorized to deploy this app.'],
  ])('credentials: %s', (stderr) => {
    expect(refused(stderr)).toMatchObject({ code: 'fly-auth', next: ['flyctl auth login', 'flyctl auth whoami'] });
  });

  test('an unknown app, without the query that newer versions print', () => {
    const problem = refused(
      'Error: failed to get app: failed to run query ($appName: String!) { appcompact:app(name: $appName) { id } }: Could not find App "boking"',
    );
    expect(problem).toMatchObject({ code: 'fly-app-not-found', what: expect.stringContaining('"boking"') });
    expect(JSON.stringify(problem)).not.toContain('query');
  });

  test.each([
    ['Error: launch failed (Request ID: 01H) (Trace ID: ab)', 'launch failed'],
    [
      'Error release_command failed running on machine 9 with exit code 1.',
      'release_command failed running on machine 9 with exit code 1.',
    ],
    ['==> Building\nError: one\n\nView more information at  https://fly.io/x', 'one'],
    ['something else\n', 'something else'],
  ])('its own last word: %s', (stderr, line) => {
    expect(lastErrorLine({ stderr })).toBe(line);
  });

  test('a silent failure still says something', () => {
    expect(refused('').what).toBe('"flyctl status -a booking --json" failed: exit code 1, and no word why');
  });

  test('a reading that was cut short', () => {
    const exit = { ...ENDED, code: null, timedOut: true };
    expect(refusal(status('booking'), exit, going).what).toContain('timed out before it answered');
  });
});

test('secrets: missing and staged ones', () => {
  const list = [
    { name: 'A', staged: false },
    { name: 'B', staged: true },
  ];
  expect(compare(list, ['A', 'B', 'C'])).toEqual({ missing: ['C'], staged: ['B'] });
});

test.each([
  ['v0.4.87', '0.4.0', false],
  ['0.3.99', '0.4.0', true],
  ['0.10.0', '0.9.9', false],
  ['1.0.0', '1', false],
  ['0.4.0-pre-1', '0.4.0', false],
])('version %s is older than %s: %s', (version, minimum, older) => {
  expect(olderThan(version, minimum)).toBe(older);
});
