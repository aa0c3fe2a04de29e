import { describe, expect, test } from 'vitest';
import * as github from '../../../tasks/github/commands.ts';
import { type ListedRun, newRun, runInOutput } from '../../../tasks/github/its-run.ts';
import { shown } from '../../../tasks/github/reading.ts';
import { inWords, verdict } from '../../../tasks/github/run.ts';

const repo = 'acme/shop';

test.each([
  [github.version(), 'gh --version'],
  [github.repositoryView(repo), 'gh repo view acme/shop --json nameWithOwner,viewerPermission'],
  [github.secretList(repo, 'production'), 'gh secret list --repo acme/shop --env production --json name,updatedAt'],
  [github.variableList(repo, 'production'), 'gh variable list --repo acme/shop --env production --json name,value'],
  [github.environment(repo, 'on call'), 'gh api repos/acme/shop/environments/on%20call'],
  [
    github.dispatch(repo, {
      workflow: 'deploy-fly.yml',
      ref: 'main',
      inputs: { target_environment: 'staging', run_migrations: 'true' },
    }),
    'gh workflow run deploy-fly.yml --repo acme/shop --ref main -f target_environment=staging -f run_migrations=true',
  ],
  [
    github.dispatchedRuns(repo, 'deploy-fly.yml'),
    'gh run list --repo acme/shop --workflow deploy-fly.yml --event workflow_dispatch --limit 20 --json databaseId,status,createdAt,headBranch,url',
  ],
  [github.viewRun(repo, 7), 'gh run view 7 --repo acme/shop --json databaseId,status,conclusion,url,jobs,headSha'],
  [github.watchRun(repo, 7, 3), 'gh run watch 7 --repo acme/shop --exit-status --interval 3'],
])('%#: exactly this command, which never asks', (command, line) => {
  expect(shown(command)).toBe(line);
  expect(command.env).toEqual({ GH_PROMPT_DISABLED: '1', GH_PAGER: '' });
});

describe('its run', () => {
  const run = (databaseId: number, headBranch = 'main'): ListedRun => ({
    databaseId,
    status: 'queued',
    createdAt: '2026-03-01T00:00:00Z',
    headBranch,
    url: `https://github.com/acme/shop/actions/runs/${databaseId}`,
  });

  test('is the one whose address gh prints', () => {
    expect(runInOutput('https://github.com/acme/shop/actions/runs/42\n')).toMatchObject({ id: 42 });
    expect(runInOutput('')).toBeUndefined();
  });

  test('else the one that was not there before, on the same branch', () => {
    expect(newRun([run(1)], [run(1)], 'main')).toBeUndefined();
    expect(newRun([run(1)], [run(2), run(1)], 'main')).toEqual(run(2));
    expect(newRun([run(1)], [run(3, 'other'), run(2), run(1)], 'main')).toEqual(run(2));
  });

  test('is not guessed between two', () => {
    expect(newRun([], [run(2), run(1)], 'main')).toMatchObject({ code: 'github-run-ambiguous' });
  });
});

describe('what a run is', () => {
  const at = (status: string, conclusion = '') => ({ status, conclusion, url: 'https://github.com/x', jobs: [] });

  test.each([
    ['waiting', '', 'waiting for a reviewer to approve it'],
    ['queued', '', 'queued: waiting for a runner, or for an earlier run of the same environment'],
    ['in_progress', '', 'running'],
    ['completed', 'success', 'completed: success'],
  ])('%s %s: %s', (status, conclusion, words) => expect(inWords({ status, conclusion })).toBe(words));

  test.each([
    ['completed', 'success', false, undefined],
    ['completed', 'failure', false, 'github-run-failed'],
    ['completed', 'cancelled', false, 'github-run-cancelled'],
    ['completed', 'timed_out', false, 'github-run-failed'],
    ['waiting', '', true, 'github-run-waiting'],
    ['in_progress', '', true, 'github-run-unfinished'],
  ])('%s %s, cut short: %s → %s', (status, conclusion, cut, code) => {
    const result = verdict({ repo, run: 7 }, at(status, conclusion), cut);
    expect(result.outcome).toBe(code === undefined ? 'passed' : 'failed');
    expect(result.problem?.code).toBe(code);
  });

  test('one that waits for its reviewers has not failed, and is not to be started again', () => {
    expect(verdict({ repo, run: 7 }, at('waiting'), true).problem).toMatchObject({
      what: 'Run 7 is waiting for a reviewer to approve it; nothing of it has failed.',
      means: expect.stringContaining('must not be dispatched again'),
    });
  });
});
