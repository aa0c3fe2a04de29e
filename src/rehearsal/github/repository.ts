/** A repository on GitHub: its environments with their settings, and the runs of its workflows, which really run. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ground } from '../stand-in.ts';
import { expand, type Job, readWorkflow, type Workflow } from './workflow.ts';

export interface Environment {
  name: string;
  secrets: Map<string, Date>;
  variables: Map<string, string>;
  /** Who must approve a run; nobody when empty. */
  reviewers: string[];
}

export interface Run {
  id: number;
  workflow: string;
  title: string;
  ref: string;
  sha: string;
  inputs: Readonly<Record<string, string>>;
  environment?: string;
  status: 'queued' | 'waiting' | 'in_progress' | 'completed';
  conclusion: '' | 'success' | 'failure';
  createdAt: Date;
  jobs: { name: string; status: 'queued' | 'in_progress' | 'completed'; conclusion: '' | 'success' | 'failure' }[];
  log: string;
}

export interface Repository {
  /** `owner/name`. */
  name: string;
  token: string;
  environments: Environment[];
  runs: Run[];
  ground: Ground;
  /** How long the reviewers of the rehearsal take; `hold` keeps them from it. */
  reviewMs: number;
}

const WORKFLOWS = '.github/workflows';
const REVIEWER = 'rehearsal-reviewer';
const REVIEW_MS = 1500;
/** A runner is found after this. */
const QUEUE_MS = 500;
const SHA = '5d0c7e2f9b1a4e63a8d7c2b5f0e1d4c3b2a19087';

/** What every file of the runs' own project would have; written where the project has no workflow of this name. */
const DEPLOY = `name: Deploy to Fly
on:
  push:
    branches: [main]
  workflow_dispatch:
    inputs:
      target_environment:
        type: choice
        options: [staging, production]
        default: staging
      run_migrations:
        type: boolean
        default: true
      run_smoke_check:
        type: boolean
        default: true
concurrency:
  group: deploy-\${{ inputs.target_environment }}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: \${{ inputs.target_environment }}
    steps:
      - uses: actions/checkout@v5
      - name: Preflight
        env:
          FLY_API_TOKEN: \${{ secrets.FLY_API_TOKEN }}
          DATABASE_URL: \${{ secrets.DATABASE_URL }}
          SESSION_SECRET: \${{ secrets.SESSION_SECRET }}
          OIDC_CLIENT_SECRET: \${{ secrets.OIDC_CLIENT_SECRET }}
          FLY_BACKEND_APP: \${{ vars.FLY_BACKEND_APP }}
          FLY_BACKEND_CONFIG: \${{ vars.FLY_BACKEND_CONFIG }}
          FLY_CLIENT_APP: \${{ vars.FLY_CLIENT_APP }}
          FLY_CLIENT_CONFIG: \${{ vars.FLY_CLIENT_CONFIG }}
          BACKEND_GRPC_ADDRESS: \${{ vars.BACKEND_GRPC_ADDRESS }}
          OIDC_ISSUER_URL: \${{ vars.OIDC_ISSUER_URL }}
          OIDC_CLIENT_ID: \${{ vars.OIDC_CLIENT_ID }}
          OIDC_REDIRECT_URI: \${{ vars.OIDC_REDIRECT_URI }}
          DEPLOY_CLIENT_BASE_URL: \${{ vars.DEPLOY_CLIENT_BASE_URL }}
        run: |
          for name in FLY_API_TOKEN DATABASE_URL SESSION_SECRET OIDC_CLIENT_SECRET FLY_BACKEND_APP FLY_CLIENT_APP; do
            if [ -z "\${!name}" ]; then echo "$name is empty" >&2; exit 1; fi
          done
          test -f "$FLY_BACKEND_CONFIG"
          test -f "$FLY_CLIENT_CONFIG"
      - name: Deploy
        run: echo "deploying \${{ inputs.target_environment }} with migrations \${{ inputs.run_migrations }}"
      - name: Smoke check
        run: echo "smoke check \${{ inputs.run_smoke_check }}"
`;

/** What a secret of an environment is in a run; its real value is nobody's business here. */
const SECRET = 'held-by-the-environment';

/** Makes the repository of the run's value `repo`, with the two environments and a workflow of `deploy-fly.yml`. */
export async function createRepository(ground: Ground, token: string): Promise<Repository> {
  const { values } = ground.order;
  const directory = join(ground.project, WORKFLOWS);
  await mkdir(directory, { recursive: true });
  const file = values['workflow'] ?? 'deploy-fly.yml';
  await writeFile(join(directory, file), DEPLOY, { flag: 'wx' }).catch(() => {});
  const workflow = readWorkflow(readFileSync(join(directory, file), 'utf8'));
  const upper = Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toUpperCase(), value]));
  const files = { FLY_BACKEND_CONFIG: ground.order.apps[0]?.config, FLY_CLIENT_CONFIG: ground.order.apps[1]?.config };
  const environments = ['staging', 'production'].map(
    (name): Environment => ({
      name,
      secrets: new Map(workflow.secrets.map((secret) => [secret, new Date(Date.now() - 40 * 86_400_000)])),
      variables: new Map(
        workflow.variables.map((variable) => [
          variable,
          (files as Record<string, string | undefined>)[variable] ?? upper[variable] ?? 'rehearsal',
        ]),
      ),
      reviewers: name === 'production' ? [REVIEWER] : [],
    }),
  );
  return { name: values['repo'] ?? 'acme/app', token, environments, runs: [], ground, reviewMs: REVIEW_MS };
}

/** The workflow of this file name; undefined when the project has none. */
export function workflowOf({ ground }: Repository, file: string): Workflow | undefined {
  const directory = join(ground.project, WORKFLOWS);
  return readdirSync(directory).includes(file) ? readWorkflow(readFileSync(join(directory, file), 'utf8')) : undefined;
}

export function environmentOf(repository: Repository, name: string): Environment | undefined {
  return repository.environments.find((environment) => environment.name === name);
}

/** Begins a run, which goes its own way from here. */
export function begin(
  repository: Repository,
  file: string,
  workflow: Workflow,
  ref: string,
  inputs: Readonly<Record<string, string>>,
): Run {
  const environment = workflow.jobs.flatMap((job) => job.environment ?? []).map((text) => expand(text, { inputs }))[0];
  const run: Run = {
    id: 9_000_000_000 + Math.floor(Math.random() * 1_000_000_000),
    workflow: file,
    title: workflow.name,
    ref,
    sha: SHA,
    inputs,
    ...(environment ? { environment } : {}),
    status: 'queued',
    conclusion: '',
    createdAt: new Date(),
    jobs: workflow.jobs.map(({ name }) => ({ name, status: 'queued', conclusion: '' })),
    log: '',
  };
  repository.runs.unshift(run);
  repository.ground.effects.add('workflow-dispatched', { run: run.id, workflow: file, environment: environment ?? '' });
  void goThrough(repository, run, workflow);
  return run;
}

async function goThrough(repository: Repository, run: Run, workflow: Workflow): Promise<void> {
  const { ground } = repository;
  await sleep(QUEUE_MS);
  const environment = environmentOf(repository, run.environment ?? '');
  if (environment && environment.reviewers.length > 0) {
    run.status = 'waiting';
    const since = Date.now();
    while (Date.now() - since < repository.reviewMs && !ground.leaving.aborted) await sleep(50);
    ground.effects.add('workflow-approved', { run: run.id });
  }
  // As `concurrency` of the workflow says: one run of an environment at a time.
  while (
    repository.runs.some((one) => one !== run && one.status === 'in_progress' && one.environment === run.environment)
  ) {
    await sleep(50);
  }
  run.status = 'in_progress';
  for (const [index, job] of workflow.jobs.entries()) {
    const shown = run.jobs[index];
    if (!shown || ground.leaving.aborted) break;
    shown.status = 'in_progress';
    const good = await runJob(repository, run, job, environment);
    shown.status = 'completed';
    shown.conclusion = good ? 'success' : 'failure';
    if (!good) break;
  }
  run.status = 'completed';
  run.conclusion = run.jobs.every(({ conclusion }) => conclusion === 'success') ? 'success' : 'failure';
  ground.effects.add('workflow-completed', { run: run.id, conclusion: run.conclusion });
}

async function runJob(
  { ground }: Repository,
  run: Run,
  job: Job,
  environment: Environment | undefined,
): Promise<boolean> {
  const contexts = {
    inputs: run.inputs,
    vars: Object.fromEntries(environment?.variables ?? []),
    secrets: Object.fromEntries([...(environment?.secrets.keys() ?? [])].map((name) => [name, SECRET])),
  };
  for (const step of job.steps) {
    const env = Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, expand(value, contexts)]));
    // GitHub runs a step as `bash -e {0}`.
    const child = spawn('bash', ['-e', '-c', expand(step.run, contexts)], {
      cwd: ground.project,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        run.log += chunk
          .toString()
          .trimEnd()
          .split('\n')
          .map((line) => `${job.name}\t${step.name}\t${new Date().toISOString()} ${line}\n`)
          .join('');
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    if (code === 0) continue;
    run.log += `${job.name}\t${step.name}\t${new Date().toISOString()} ##[error]Process completed with exit code ${code}.\n`;
    return false;
  }
  return true;
}
