import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../src/exec/command.ts';
import { type Aftermath, evidenceOf, explain, type Finding, findOut, summarize } from '../../../tasks/fly/aftermath.ts';
import { deploy, status } from '../../../tasks/fly/commands.ts';
import { appStatus } from '../../../tasks/fly/machines.ts';
import { parse, snakeKeys } from '../../../tasks/fly/reading.ts';
import { releaseList } from '../../../tasks/fly/releases.ts';
import { ENDED } from '../context.ts';
import { releasesAnswer, statusAnswer, type Told } from './answers.ts';

const going = new AbortController().signal;
const ok: Exit = ENDED;
const failed: Exit = {
  ...ENDED,
  code: 1,
  stderr: 'Error: timeout reached waiting for health checks to pass (Request ID: 1)',
};

function after(before: number, version: number, machines: Told[], ...releases: [number, string, string][]): Aftermath {
  return {
    before,
    status: parse(appStatus, status('booking'), JSON.stringify(statusAnswer(version, machines))),
    releases: releaseList.parse(snakeKeys(releasesAnswer(...releases))),
  };
}

const good = after(5, 6, [{ version: 6, check: 'passing' }], [6, 'complete', 'v6'], [5, 'complete', 'v5']);
const sick = after(5, 6, [{ version: 6, tag: 'v6', check: 'critical' }], [6, 'failed', 'v6'], [5, 'complete', 'v5']);
const half = after(
  5,
  6,
  [{ version: 6, tag: 'v6', check: 'passing' }, { id: 'b' }],
  [6, 'failed', 'v6'],
  [5, 'complete', 'v5'],
);
const old = after(5, 6, [{ version: 5, check: 'passing' }], [6, 'failed', 'v6'], [5, 'complete', 'v5']);

describe('released and healthy are two questions', () => {
  test.each<[string, Exit, Aftermath, Finding]>([
    ['runs and passes', ok, good, 'healthy'],
    ['runs, but its checks fail', failed, sick, 'unhealthy'],
    ['flyctl is content, but a check is not', ok, sick, 'unhealthy'],
    ['reached one machine of two', failed, half, 'unhealthy'],
    ['the release command failed', failed, old, 'not-released'],
    ['exit code 0, and nothing new runs', ok, old, 'not-released'],
    ['runs and passes, and flyctl failed after that', failed, good, 'flyctl-failed'],
    ['nothing can be read', ok, { before: 5 }, 'unverified'],
    ['nothing can be read after a failure: nothing is claimed', failed, { before: 5 }, 'unverified'],
    ['a first deploy', ok, after(0, 1, [{ version: 1, check: 'passing' }], [1, 'complete', 'v1']), 'healthy'],
  ])('%s', (_, exit, aftermath, finding) => {
    expect(findOut(exit, aftermath, undefined)).toBe(finding);
  });

  test('cut short is neither, whatever runs', () => {
    expect(findOut({ ...ENDED, code: null, timedOut: true }, good, 'timed out')).toBe('interrupted');
  });

  test('evidence says what runs now, not what was wanted', () => {
    expect(evidenceOf(old)).toMatchObject({
      version: 5,
      image: 'registry.fly.io/booking:v5',
      released: false,
      machines: [{ id: '148e1', state: 'started', region: 'eze', version: 5, checks: [{ status: 'passing' }] }],
    });
    expect(evidenceOf(good)).toMatchObject({ version: 6, released: true, healthy: true });
  });
});

describe('what the operator reads', () => {
  const say = (finding: Exclude<Finding, 'healthy'>, exit: Exit, aftermath: Aftermath) =>
    explain(finding, { app: 'booking', command: deploy('booking', {}), exit, aftermath, signal: going });

  test('not healthy: what is running where, and the way back', () => {
    expect(say('unhealthy', failed, sick)).toEqual({
      code: 'released-not-healthy',
      what: 'Release 6 runs, but is not healthy: check servicecheck-00-http-8080 of machine 148e1 is critical.',
      means: 'Running now: 148e1 (eze) started, release 6. flyctl: timeout reached waiting for health checks to pass',
      next: ['go back to the last good release (rollback)', 'flyctl logs -a booking', 'flyctl status -a booking'],
    });
  });

  test('not healthy on the first deploy: there is no way back to offer', () => {
    const first = after(0, 1, [{ version: 1, tag: 'v1', check: 'critical' }], [1, 'failed', 'v1']);
    expect(say('unhealthy', failed, first).next?.[0]).toBe('flyctl logs -a booking');
  });

  test("not released: the platform's own word, and what still runs", () => {
    const exit = {
      ...failed,
      stderr: 'Error: release command failed - aborting deployment. machine 9 exited with non-zero status of 1',
    };
    expect(say('not-released', exit, old)).toMatchObject({
      code: 'not-released',
      what: 'Nothing was released: release command failed - aborting deployment. machine 9 exited with non-zero status of 1',
      means: 'What still runs is release 5: 1/1 machines started · 1/1 checks passing · release 5.',
    });
  });

  test('refused credentials are told as such', () => {
    const exit = { ...failed, stderr: 'Error: Not authorized to deploy this app.' };
    expect(say('not-released', exit, old)).toMatchObject({
      code: 'fly-auth',
      next: ['flyctl auth login', 'flyctl auth whoami'],
    });
  });

  test('when nothing can be read, it does not claim that nothing was released', () => {
    expect(say('unverified', failed, { before: 5 })).toMatchObject({
      code: 'deploy-unverified',
      what: expect.stringContaining('timeout reached waiting for health checks'),
      means: 'What runs now could not be read. The release may run or not.',
    });
  });

  test('interrupted: what is known from the list and the machines', () => {
    const exit = { ...ENDED, code: null, signal: 'SIGTERM', timedOut: true };
    const running = after(5, 6, [{ version: 5 }], [6, 'running', 'v6'], [5, 'complete', 'v5']);
    expect(say('interrupted', exit, running)).toMatchObject({
      code: 'deploy-interrupted',
      what: 'The deploy timed out before it ended.',
      means: 'Fly lists release 6 as running. What still runs is release 5: 1/1 machines started · release 5.',
    });
    expect(summarize('interrupted', running, 'timed out')).toBe(
      'the deploy timed out · 1/1 machines started · release 5',
    );
  });
});
