/** The program `gh`, as far as the rehearsal acts it out: commands, flags, texts and exit codes of cli/cli. */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProgramCall } from '../stand-in.ts';
import { begin, type Environment, environmentOf, type Repository, type Run, workflowOf } from './repository.ts';

/** Of gh: 0 fine, 1 failed, 2 cancelled, 4 not logged in, 8 pending (internal/ghcmd/cmd.go). */
const NOT_LOGGED_IN = 4;
const VERSION = '2.87.2';

/** What gh says on standard error, and its exit code. */
class Refusal extends Error {
  readonly exit: number;
  constructor(message: string, exit = 1) {
    super(message);
    this.exit = exit;
  }
}

interface Flags {
  [name: string]: readonly string[];
}

/** The flags of each command by their long names, with their letters; those of `SWITCHES` take no value. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'auth status': { hostname: 'h', 'show-token': 't', active: 'a' },
  'repo view': { json: '', branch: 'b', web: 'w', jq: 'q' },
  'secret list': { env: 'e', org: 'o', user: 'u', app: 'a', json: '', jq: 'q', repo: 'R' },
  'secret set': { env: 'e', org: 'o', body: 'b', 'env-file': 'f', app: 'a', repo: 'R', visibility: 'v', repos: 'r' },
  'variable list': { env: 'e', org: 'o', json: '', jq: 'q', repo: 'R' },
  'variable set': { env: 'e', org: 'o', body: 'b', 'env-file': 'f', repo: 'R' },
  'workflow run': { ref: 'r', 'raw-field': 'f', field: 'F', json: '', repo: 'R' },
  'run list': {
    workflow: 'w',
    event: 'e',
    limit: 'L',
    json: '',
    created: '',
    branch: 'b',
    status: 's',
    repo: 'R',
    jq: 'q',
  },
  'run view': { json: '', 'log-failed': '', log: '', 'exit-status': '', job: 'j', repo: 'R', jq: 'q', web: 'w' },
  'run watch': { 'exit-status': '', interval: 'i', compact: '', repo: 'R' },
  api: { method: 'X', field: 'F', 'raw-field': 'f', header: 'H', input: '', jq: 'q', paginate: '' },
};

const SWITCHES = new Set(['exit-status', 'log-failed', 'log', 'compact', 'web', 'paginate', 'show-token', 'active']);

/** Fields that `--json` takes, of those commands that have it. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'repo view': ['nameWithOwner', 'viewerPermission', 'defaultBranchRef', 'url', 'name', 'owner'],
  'secret list': ['name', 'updatedAt', 'numSelectedRepos', 'selectedReposURL', 'visibility'],
  'variable list': ['name', 'value', 'updatedAt', 'createdAt', 'visibility', 'numSelectedRepos', 'selectedReposURL'],
  'run list': RUN_FIELDS(),
  'run view': [...RUN_FIELDS(), 'jobs'],
};

function RUN_FIELDS(): string[] {
  return [
    'attempt',
    'conclusion',
    'createdAt',
    'databaseId',
    'displayTitle',
    'event',
    'headBranch',
    'headSha',
    'name',
    'number',
    'startedAt',
    'status',
    'updatedAt',
    'url',
    'workflowDatabaseId',
    'workflowName',
  ];
}

/** Runs a call of `gh` and gives its exit code. */
export async function gh(repository: Repository, call: ProgramCall): Promise<number> {
  try {
    return await dispatch(repository, call);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    call.err(`${error.message}\n`);
    return error.exit;
  }
}

async function dispatch(repository: Repository, call: ProgramCall): Promise<number> {
  if (call.args[0] === '--version' || call.args[0] === 'version') {
    call.out(`gh version ${VERSION} (2026-02-26)\nhttps://github.com/cli/cli/releases/tag/v${VERSION}\n`);
    return 0;
  }
  const command = [call.args.slice(0, 2).join(' '), call.args[0] ?? ''].find((name) => Object.hasOwn(COMMANDS, name));
  if (command === undefined) {
    const [group = '', word] = call.args;
    const known = Object.keys(COMMANDS).some((name) => name.startsWith(`${group} `));
    throw new Refusal(
      known ? `unknown command "${word ?? ''}" for "gh ${group}"` : `unknown command "${group}" for "gh"`,
    );
  }
  const { flags, args } = parse(command, call.args.slice(command.split(' ').length));
  const token = call.env['GH_TOKEN'] ?? call.env['GITHUB_TOKEN'];
  if (!token) {
    throw new Refusal(
      'To get started with GitHub CLI, please run:  gh auth login\nAlternatively, populate the GH_TOKEN environment variable with a GitHub API authentication token.',
      NOT_LOGGED_IN,
    );
  }
  if (token !== repository.token) {
    throw new Refusal(
      'HTTP 401: Bad credentials (https://api.github.com/graphql)\nTry authenticating with:  gh auth login',
      1,
    );
  }
  if (command !== 'api' && command !== 'auth status')
    checkRepository(repository, flags['repo']?.[0] ?? (command === 'repo view' ? args[0] : call.env['GH_REPO']));
  switch (command) {
    case 'auth status':
      call.out('github.com\n  ✓ Logged in to github.com account rehearsal (GH_TOKEN)\n  - Active account: true\n');
      return 0;
    case 'repo view':
      return print(call, command, flags, {
        nameWithOwner: repository.name,
        viewerPermission: 'WRITE',
        url: `https://github.com/${repository.name}`,
      });
    case 'secret list':
      return list(
        call,
        command,
        flags,
        [...environment(repository, flags).secrets].map(([name, at]) => ({ name, updatedAt: at.toISOString() })),
      );
    case 'variable list':
      return list(
        call,
        command,
        flags,
        [...environment(repository, flags).variables].map(([name, value]) => ({
          name,
          value,
          updatedAt: new Date().toISOString(),
        })),
      );
    case 'secret set':
    case 'variable set':
      return set(repository, call, command, flags, args[0]);
    case 'workflow run':
      return start(repository, call, flags, args[0]);
    case 'run list':
      return list(call, command, flags, listed(repository, flags));
    case 'run view':
      return view(repository, call, flags, args[0]);
    case 'run watch':
      return watch(repository, call, flags, args[0]);
    default:
      return api(repository, call, flags, args[0]);
  }
}

function parse(command: string, given: readonly string[]): { flags: Flags; args: string[] } {
  const known = COMMANDS[command] ?? {};
  const flags: Record<string, string[]> = {};
  const args: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const token = given[at] ?? '';
    if (!token.startsWith('-') || token === '-') {
      args.push(token);
      continue;
    }
    const [head = '', inline] = token.startsWith('--')
      ? token.split(/=(.*)/s)
      : [token.slice(0, 2), token.slice(2) || undefined];
    const name = head.startsWith('--')
      ? Object.keys(known).find((long) => `--${long}` === head)
      : Object.entries(known).find(([, short]) => short !== '' && `-${short}` === head)?.[0];
    if (name === undefined) {
      throw new Refusal(
        head.startsWith('--') ? `unknown flag: ${head}` : `unknown shorthand flag: '${head.slice(1)}' in ${token}`,
      );
    }
    if (SWITCHES.has(name)) {
      flags[name] = ['true'];
      continue;
    }
    if (inline === undefined) at += 1;
    const value = inline ?? given[at];
    if (value === undefined) throw new Refusal(`flag needs an argument: ${head}`);
    flags[name] = [...(flags[name] ?? []), value];
  }
  return { flags, args };
}

function checkRepository(repository: Repository, name: string | undefined): void {
  if (name === undefined)
    throw new Refusal(
      'failed to determine base repo: failed to run git: fatal: not a git repository (or any of the parent directories): .git',
    );
  if (name !== repository.name)
    throw new Refusal(`GraphQL: Could not resolve to a Repository with the name '${name}'. (repository)`);
}

function environment(repository: Repository, flags: Flags): Environment {
  const name = flags['env']?.[0] ?? '';
  const found = environmentOf(repository, name);
  if (found) return found;
  throw new Refusal(
    `failed to get secrets: HTTP 404: Not Found (https://api.github.com/repos/${repository.name}/environments/${name}/secrets?per_page=100)`,
  );
}

function list(call: ProgramCall, command: string, flags: Flags, rows: readonly Record<string, unknown>[]): number {
  if (flags['json']) return print(call, command, flags, rows);
  call.out(rows.map((row) => `${Object.values(row).join('\t')}\n`).join(''));
  return 0;
}

/** Without `--json` what the terminal would show; with it the fields that it names. */
function print(call: ProgramCall, command: string, flags: Flags, data: unknown): number {
  const fields = flags['json']?.[0]?.split(',');
  const known = FIELDS[command] ?? [];
  const wrong = fields?.find((field) => !known.includes(field));
  if (wrong !== undefined) {
    throw new Refusal(
      `Unknown JSON field: "${wrong}"\nAvailable fields:\n${known.map((field) => `  ${field}`).join('\n')}`,
    );
  }
  const pick = (row: object) =>
    fields ? Object.fromEntries(fields.map((field) => [field, (row as Record<string, unknown>)[field] ?? null])) : row;
  call.out(`${JSON.stringify(Array.isArray(data) ? data.map(pick) : pick(data as object))}\n`);
  return 0;
}

async function set(
  repository: Repository,
  call: ProgramCall,
  command: string,
  flags: Flags,
  name: string | undefined,
): Promise<number> {
  if (name === undefined) throw new Refusal('must pass name argument when not running interactively');
  const target = environment(repository, flags);
  const value = flags['body']?.[0] ?? (await text(call.stdin)).replace(/\r?\n$/, '');
  if (value === '') throw new Refusal('no body given');
  const upper = name.toUpperCase();
  if (command === 'secret set') target.secrets.set(upper, new Date());
  else target.variables.set(upper, value);
  repository.ground.effects.add(command === 'secret set' ? 'github-secret-set' : 'github-variable-set', {
    environment: target.name,
    name: upper,
  });
  return 0;
}

function start(repository: Repository, call: ProgramCall, flags: Flags, file: string | undefined): number {
  if (file === undefined) throw new Refusal('workflow ID, name, or filename required when not running interactively');
  const workflow = workflowOf(repository, file);
  const url = `https://api.github.com/repos/${repository.name}/actions/workflows/${file}`;
  if (!workflow) throw new Refusal(`could not find any workflows named ${file}`);
  const refuse = (why: string): never => {
    throw new Refusal(`could not create workflow dispatch event: HTTP 422: ${why} (${url}/dispatches)`);
  };
  if (!workflow.inputs) return refuse("Workflow does not have 'workflow_dispatch' trigger");
  const given = Object.fromEntries(
    [...(flags['raw-field'] ?? []), ...(flags['field'] ?? [])].map((pair) => pair.split(/=(.*)/s) as [string, string]),
  );
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(workflow.inputs ?? {}, name));
  if (unknown.length > 0) return refuse(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  const inputs: Record<string, string> = {};
  for (const [name, input] of Object.entries(workflow.inputs)) {
    const value = given[name] ?? input.default;
    if (value === undefined && input.required) return refuse(`Required input '${name}' not provided`);
    if (value !== undefined && input.options && !input.options.includes(value)) {
      return refuse(`Provided value '${value}' for input '${name}' not in the list of allowed values`);
    }
    if (value !== undefined) inputs[name] = value;
  }
  const ref = flags['ref']?.[0] ?? 'main';
  if (ref !== 'main') return refuse(`No ref found for: ${ref}`);
  const run = begin(repository, file, workflow, ref, inputs);
  call.out(`${urlOf(repository, run)}\n`);
  return 0;
}

function listed(repository: Repository, flags: Flags): Record<string, unknown>[] {
  const [file] = flags['workflow'] ?? [];
  if (file !== undefined && !workflowOf(repository, file))
    throw new Refusal(`could not find any workflows named ${file}`);
  const [event] = flags['event'] ?? [];
  const runs = repository.runs.filter(
    ({ workflow }) =>
      (file === undefined || workflow === file) && (event ?? 'workflow_dispatch') === 'workflow_dispatch',
  );
  return runs.slice(0, Number(flags['limit']?.[0] ?? 20)).map((run) => runJson(repository, run));
}

function runOf(repository: Repository, id: string | undefined): Run {
  if (id === undefined) throw new Refusal('run or job ID required when not running interactively');
  const found = repository.runs.find((run) => String(run.id) === id);
  if (found) return found;
  throw new Refusal(
    `failed to get run: HTTP 404: Not Found (https://api.github.com/repos/${repository.name}/actions/runs/${id}?exclude_pull_requests=true)`,
  );
}

function view(repository: Repository, call: ProgramCall, flags: Flags, id: string | undefined): number {
  const run = runOf(repository, id);
  if (flags['json']) return print(call, 'run view', flags, runJson(repository, run));
  if (flags['log-failed'] || flags['log']) {
    if (run.status !== 'completed')
      throw new Refusal(`run ${run.id} is still in progress; logs will be available when it is complete`);
    call.out(run.log);
  } else call.out(`${run.ref} ${run.title} · ${run.id}\nTriggered via workflow_dispatch\n`);
  return flags['exit-status'] && run.conclusion !== 'success' ? 1 : 0;
}

async function watch(repository: Repository, call: ProgramCall, flags: Flags, id: string | undefined): Promise<number> {
  const run = runOf(repository, id);
  if (run.status === 'completed') {
    call.out(`Run ${run.title} (${run.id}) has already completed with '${run.conclusion}'\n`);
    return flags['exit-status'] && run.conclusion !== 'success' ? 1 : 0;
  }
  const seconds = Number(flags['interval']?.[0] ?? 3);
  call.out(`Refreshing run status every ${seconds} seconds. Press Ctrl+C to quit.\n`);
  const over = (): boolean => run.status === 'completed';
  while (!over()) {
    if (call.signal.aborted || repository.ground.leaving.aborted) return 2;
    await sleep(Math.min(seconds * 1000, 250));
  }
  call.out(
    `\n${run.conclusion === 'success' ? '✓' : 'X'} Run ${run.title} (${run.id}) completed with '${run.conclusion}'\n`,
  );
  return flags['exit-status'] && run.conclusion !== 'success' ? 1 : 0;
}

function api(repository: Repository, call: ProgramCall, flags: Flags, path: string | undefined): number {
  const [, name] = new RegExp(`^/?repos/${repository.name}/environments/([^/]+)$`).exec(path ?? '') ?? [];
  const found = name && environmentOf(repository, decodeURIComponent(name));
  if (!found || (flags['method']?.[0] ?? 'GET') !== 'GET') {
    call.out('{"message":"Not Found","documentation_url":"https://docs.github.com/rest","status":"404"}');
    throw new Refusal('gh: Not Found (HTTP 404)');
  }
  const reviewers = found.reviewers.map((login) => ({ type: 'User', reviewer: { login, id: 1, type: 'User' } }));
  const rules =
    reviewers.length === 0
      ? []
      : [{ id: 1, node_id: 'GA_1', prevent_self_review: true, type: 'required_reviewers', reviewers }];
  call.out(
    JSON.stringify({
      id: 1,
      name: found.name,
      url: `https://api.github.com/repos/${repository.name}/environments/${found.name}`,
      protection_rules: rules,
      deployment_branch_policy: null,
    }),
  );
  return 0;
}

function runJson(repository: Repository, run: Run): Record<string, unknown> {
  return {
    databaseId: run.id,
    status: run.status,
    conclusion: run.conclusion,
    createdAt: run.createdAt.toISOString(),
    event: 'workflow_dispatch',
    headBranch: run.ref,
    headSha: run.sha,
    name: run.title,
    workflowName: run.title,
    displayTitle: run.title,
    url: urlOf(repository, run),
    jobs: run.jobs.map(({ name, status, conclusion }) => ({ name, status, conclusion, steps: [] })),
  };
}

function urlOf({ name }: Repository, { id }: Run): string {
  return `https://github.com/${name}/actions/runs/${id}`;
}
