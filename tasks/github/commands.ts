import type { Command } from '../../src/exec/command.ts';

/**
 * Every `gh` command that tejun runs, as pure builders of argument lists. Always with `--repo`: without it gh takes the
 * repository of the directory, or of GH_REPO.
 */

/** gh never asks and never pages: it answers or fails. */
const ENV = { GH_PROMPT_DISABLED: '1', GH_PAGER: '' };

const gh = (...args: string[]): Command => ({ file: 'gh', args, env: ENV });

export const version = (): Command => gh('--version');

/** Fails without a login (exit 4), and for a repository that the login may not see. */
export const repositoryView = (repo: string): Command =>
  gh('repo', 'view', repo, '--json', 'nameWithOwner,viewerPermission');

/** Names only: GitHub never gives a secret's value back. */
export const secretList = (repo: string, environment: string): Command =>
  gh('secret', 'list', '--repo', repo, '--env', environment, '--json', 'name,updatedAt');

export const variableList = (repo: string, environment: string): Command =>
  gh('variable', 'list', '--repo', repo, '--env', environment, '--json', 'name,value');

/** Its protection rules hold the required reviewers; no `gh` command of its own shows them. */
export const environment = (repo: string, name: string): Command =>
  gh('api', `repos/${repo}/environments/${encodeURIComponent(name)}`);

/**
 * `-f` is an input here, raw text; in `gh secret set` it is a file. Since gh 2.87 it prints the address of the run, before
 * that nothing when there is no terminal.
 */
export const dispatch = (
  repo: string,
  { workflow, ref, inputs }: { workflow: string; ref: string; inputs: Readonly<Record<string, string>> },
): Command =>
  gh(
    'workflow',
    'run',
    workflow,
    '--repo',
    repo,
    '--ref',
    ref,
    ...Object.entries(inputs).flatMap(([name, value]) => ['-f', `${name}=${value}`]),
  );

/** The newest dispatched runs of a workflow. */
export const dispatchedRuns = (repo: string, workflow: string): Command =>
  gh(
    'run',
    'list',
    '--repo',
    repo,
    '--workflow',
    workflow,
    '--event',
    'workflow_dispatch',
    '--limit',
    '20',
    '--json',
    'databaseId,status,createdAt,headBranch,url',
  );

export const viewRun = (repo: string, run: number): Command =>
  gh('run', 'view', String(run), '--repo', repo, '--json', 'databaseId,status,conclusion,url,jobs,headSha');

/** Exits 0 for a run that failed, but for `--exit-status`. */
export const watchRun = (repo: string, run: number, seconds: number): Command =>
  gh('run', 'watch', String(run), '--repo', repo, '--exit-status', '--interval', String(seconds));
