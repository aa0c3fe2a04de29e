import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exec } from '../../../src/exec/command.ts';
import { github } from '../../../src/rehearsal/github/stand-in.ts';
import type { StandIn } from '../../../src/rehearsal/stand-in.ts';
import { taskFor } from '../../../tasks/registry.ts';
import type { TaskResult } from '../../../tasks/task.ts';
import { makeGround } from '../../rehearsal/ground.ts';
import { contextFor, ENDED, type TestContext } from '../context.ts';

/** Tasks against the stand-in of gh, whose workflow runs really run their steps. */
const repo = 'acme/shop';

let ground: Awaited<ReturnType<typeof makeGround>>;
let standIn: StandIn;

beforeAll(async () => {
  ground = await makeGround({ values: { repo } });
  standIn = await github.start(ground);
}, 60_000);

afterAll(() => ground?.end());

async function gh(args: readonly string[], given: { stdin?: string; env?: Record<string, string> } = {}) {
  let [stdout, stderr] = ['', ''];
  const code = await standIn.programs?.['gh']?.({
    program: 'gh',
    args,
    cwd: ground.project,
    env: { ...standIn.env, ...given.env },
    stdin: Readable.from(given.stdin ? [given.stdin] : []),
    signal: new AbortController().signal,
    out: (text) => (stdout += text.toString()),
    err: (text) => (stderr += text.toString()),
  });
  return { code: code ?? null, stdout, stderr };
}

function context(given: { signal?: AbortSignal; env?: Record<string, string> } = {}): TestContext {
  const exec: Exec = async (command, options) => {
    const signal = options?.signal;
    const stopped = new Promise<'stopped'>((resolve) => signal?.addEventListener('abort', () => resolve('stopped')));
    const ended = await Promise.race([gh(command.args, given.env ? { env: given.env } : {}), stopped]);
    return ended === 'stopped' ? { ...ENDED, code: null, stopped: true } : { ...ENDED, ...ended };
  };
  return contextFor({ exec, timeoutMs: 30_000, ...(given.signal ? { signal: given.signal } : {}) });
}

function run(uses: string, input: object, at: TestContext = context()): Promise<TaskResult> {
  const task = taskFor(uses);
  if (!task) throw new Error(`no task ${uses}`);
  return task.run(task.input.parse(input), at);
}

const dispatched = () => ground.effects.all().filter(({ effect }) => effect === 'workflow-dispatched');
const start = (target: string, inputs: Record<string, string> = {}) =>
  run('github/dispatch', { repo, workflow: 'deploy-fly.yml', inputs: { target_environment: target, ...inputs } });
const runOf = (result: TaskResult) => (result.evidence as { run: number }).run;

describe('gh refuses what the real one refuses', () => {
  test.each([
    [['frobnicate'], 1, 'unknown command "frobnicate" for "gh"'],
    [['run', 'start'], 1, 'unknown command "start" for "gh run"'],
    [['run', 'watch', '--repo', repo], 1, 'run or job ID required when not running interactively'],
    [['run', 'list', '--repo', repo, '--wat'], 1, 'unknown flag: --wat'],
    [['run', 'view', '1', '--repo', repo], 1, 'HTTP 404'],
    [['run', 'list', '--repo', 'acme/other'], 1, "Could not resolve to a Repository with the name 'acme/other'"],
    [['run', 'list', '--repo', repo, '--json', 'colour'], 1, 'Unknown JSON field: "colour"'],
    [['workflow', 'run', 'nope.yml', '--repo', repo], 1, 'could not find any workflows named nope.yml'],
    [
      ['workflow', 'run', 'deploy-fly.yml', '--repo', repo, '-f', 'x=1'],
      1,
      'HTTP 422: Unexpected inputs provided: ["x"]',
    ],
    [
      ['workflow', 'run', 'deploy-fly.yml', '--repo', repo, '-f', 'target_environment=moon'],
      1,
      "Provided value 'moon' for input 'target_environment' not in the list of allowed values",
    ],
    [['secret', 'list', '--repo', repo, '--env', 'moon'], 1, 'HTTP 404'],
  ])('gh %j', async (args, code, words) => {
    const ended = await gh(args);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(words);
  });

  test('whoever is not logged in, with exit code 4', async () => {
    expect(await gh(['run', 'list', '--repo', repo], { env: { GH_TOKEN: '' } })).toMatchObject({ code: 4 });
  });

  test('nothing was started by any of it', () => expect(dispatched()).toEqual([]));
});

describe('what the environments have', () => {
  test('the login and the repository', async () => {
    expect(await run('github/ready', { repo })).toMatchObject({ outcome: 'passed', evidence: { permission: 'WRITE' } });
    expect((await run('github/ready', { repo, min_version: '9.0' })).problem).toMatchObject({ code: 'github-too-old' });
    await expect(run('github/ready', { repo }, context({ env: { GH_TOKEN: '' } }))).rejects.toMatchObject({
      code: 'github-auth',
      exit: 4,
    });
    await expect(run('github/ready', { repo }, context({ env: { GH_TOKEN: 'wrong' } }))).rejects.toMatchObject({
      code: 'github-auth',
    });
  });

  test('secrets and variables by name', async () => {
    const input = { repo, environment: 'production', names: ['FLY_API_TOKEN', 'DATABASE_URL'] };
    expect(await run('github/secrets', input)).toMatchObject({ outcome: 'passed' });
    standIn.ask?.('forget-secret', { environment: 'production', name: 'DATABASE_URL' });
    expect((await run('github/secrets', input)).problem).toMatchObject({
      code: 'github-secrets-missing',
      next: [`gh secret set DATABASE_URL --repo ${repo} --env production`],
    });
    const set = ['secret', 'set', 'DATABASE_URL', '--repo', repo, '--env', 'production'];
    expect(await gh(set, { stdin: 'postgresql://x\n' })).toMatchObject({ code: 0 });
    expect(await run('github/secrets', input)).toMatchObject({ outcome: 'passed' });
    const variables = { repo, environment: 'staging', names: ['FLY_CLIENT_APP', 'NO_SUCH'] };
    expect((await run('github/variables', variables)).problem).toMatchObject({
      code: 'github-variables-missing',
      what: expect.stringContaining('NO_SUCH'),
    });
  });

  test('reviewers', async () => {
    const production = { repo, environment: 'production', prevent_self_review: true };
    expect(await run('github/reviewers', production)).toMatchObject({ outcome: 'passed' });
    expect((await run('github/reviewers', { repo, environment: 'staging' })).problem).toMatchObject({
      code: 'github-no-reviewers',
    });
    await expect(run('github/reviewers', { repo, environment: 'moon' })).rejects.toMatchObject({
      code: 'github-not-found',
    });
  });
});

describe('a dispatch and its run', () => {
  test('staging: started once, watched to its end', async () => {
    const begun = await start('staging', { run_migrations: 'false' });
    expect(begun).toMatchObject({ outcome: 'passed', evidence: { inputs: { run_migrations: 'false' } } });
    expect(dispatched()).toHaveLength(1);
    expect(dispatched()[0]).toMatchObject({ run: runOf(begun), environment: 'staging' });
    // The workflow's own pre-flight does not find the configuration files of this empty project.
    const watched = await run('github/run', { repo, run: runOf(begun) });
    expect(watched.problem).toMatchObject({
      code: 'github-run-failed',
      next: expect.arrayContaining([`gh run view ${runOf(begun)} --repo ${repo} --log-failed`]),
    });
  }, 20_000);

  test('production waits for its reviewers, and is said to wait', async () => {
    standIn.ask?.('review-ms', 60_000);
    const begun = await start('production');
    const stop = new AbortController();
    const at = context({ signal: stop.signal });
    setTimeout(() => stop.abort('timeout'), 3500);
    const watched = await run('github/run', { repo, run: runOf(begun) }, at);
    expect(at.said).toContain('waiting for a reviewer to approve it');
    expect(watched.problem).toMatchObject({ code: 'github-run-waiting' });

    standIn.ask?.('review-ms', 0);
    const file = join(ground.project, '.github/workflows/deploy-fly.yml');
    expect(readFileSync(file, 'utf8')).toContain('workflow_dispatch');
    const again = await run('github/run', { repo, run: runOf(begun) });
    expect(again.evidence).toMatchObject({ status: 'completed' });
    expect(dispatched()).toHaveLength(2);
  }, 30_000);

  test('one whose steps succeed has succeeded', async () => {
    const file = join(ground.project, '.github/workflows/hello.yml');
    writeFileSync(
      file,
      'name: Hello\non:\n  workflow_dispatch:\njobs:\n  hello:\n    steps:\n      - run: echo hello > done.txt\n',
    );
    const begun = await run('github/dispatch', { repo, workflow: 'hello.yml' });
    const watched = await run('github/run', { repo, run: runOf(begun) });
    expect(watched).toMatchObject({
      outcome: 'passed',
      evidence: { conclusion: 'success', jobs: [{ name: 'hello', conclusion: 'success' }] },
    });
    expect(readFileSync(join(ground.project, 'done.txt'), 'utf8')).toBe('hello\n');
  }, 20_000);
});
