/** Render's API, as far as a runbook uses it: paths, fields and answers from its OpenAPI description. */
import { latestBuild, requestDeploy } from './deploys.ts';
import { addEvent } from './events.ts';
import { cancel, startJob } from './jobs.ts';
import { queryLogs } from './log-query.ts';
import type { Deploy, Service, Workspace } from './model.ts';
import { momentOf, notFound, pageOf, Refusal, readBody, textField } from './reading.ts';
import { deployJson, eventJson, jobJson, postgresJson, serviceJson } from './shapes.ts';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: string;
}

export interface Answered {
  status: number;
  /** No body at all when absent. */
  json?: unknown;
}

type Handler = (workspace: Workspace, asked: Asked, ids: readonly string[]) => Answered;

const ok = (json: unknown): Answered => ({ status: 200, json });

/** `:id` stands for one part of a path. */
const ROUTES: readonly (readonly [route: string, handler: Handler])[] = [
  ['GET /users', ({ account }) => ok(account)],
  [
    'GET /owners',
    ({ owner }, { query }) =>
      ok(
        pageOf(
          [owner],
          query,
          ({ id }) => id,
          (each) => ({ owner: each }),
        ),
      ),
  ],
  ['GET /services', listServices],
  ['GET /services/:id', (workspace, _, [id]) => ok(serviceJson(workspace, serviceOf(workspace, id)))],
  ['PATCH /services/:id', patchService],
  ['GET /services/:id/env-vars', listEnvVars],
  ['PUT /services/:id/env-vars', replaceEnvVars],
  ['PUT /services/:id/env-vars/:key', putEnvVar],
  ['GET /services/:id/deploys', listDeploys],
  ['POST /services/:id/deploys', createDeploy],
  [
    'GET /services/:id/deploys/:id',
    (workspace, _, [id, deploy]) => ok(deployJson(deployOf(serviceOf(workspace, id), deploy))),
  ],
  ['POST /services/:id/rollback', rollback],
  ['POST /services/:id/jobs', createJob],
  [
    'GET /services/:id/jobs/:id',
    (workspace, _, [id, job]) => ok(jobJson(jobOf(workspace, serviceOf(workspace, id), job))),
  ],
  ['POST /services/:id/jobs/:id/cancel', cancelJob],
  ['GET /services/:id/events', listEvents],
  ['GET /logs', (workspace, { query }) => ok(queryLogs(workspace, query))],
  ['GET /postgres', listPostgres],
  ['GET /postgres/:id/connection-info', connectionInfo],
];

/** Answers a request whose login was checked. Throws `Refusal`. */
export function answer(workspace: Workspace, asked: Asked): Answered {
  const parts = asked.path.split('/');
  for (const [route, handler] of ROUTES) {
    const [method, path = ''] = route.split(' ');
    const pattern = path.split('/');
    if (method !== asked.method || pattern.length !== parts.length) continue;
    if (!pattern.every((part, index) => part.startsWith(':') || part === parts[index])) continue;
    const ids = parts.filter((_, index) => pattern[index]?.startsWith(':')).map(decodeURIComponent);
    return handler(workspace, asked, ids);
  }
  throw notFound(`${asked.method} ${asked.path}`);
}

function listServices(workspace: Workspace, { query }: Asked): Answered {
  const name = query.get('name');
  const found = workspace.services.filter((service) => name === null || service.name === name);
  return ok(
    pageOf(
      found,
      query,
      ({ id }) => id,
      (service) => ({ service: serviceJson(workspace, service) }),
    ),
  );
}

function patchService(workspace: Workspace, { body: text }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const body = readBody(text, ['autoDeploy', 'autoDeployTrigger', 'branch', 'name', 'repo', 'serviceDetails']);
  const autoDeploy = textField(body, 'autoDeploy', ['yes', 'no']);
  if (autoDeploy !== undefined && autoDeploy !== service.autoDeploy) {
    service.autoDeploy = autoDeploy as Service['autoDeploy'];
    if (autoDeploy === 'no') addEvent(service, 'auto_deploy_disabled', {});
  }
  if (autoDeploy !== undefined)
    workspace.ground.effects.add('render-auto-deploy', { service: service.name, to: autoDeploy });
  return ok(serviceJson(workspace, service));
}

function listEnvVars(workspace: Workspace, { query }: Asked, [id]: readonly string[]): Answered {
  const variables = [...serviceOf(workspace, id).envVars].map(([key, value]) => ({ key, value }));
  return ok(
    pageOf(
      variables,
      query,
      ({ key }) => key,
      (envVar) => ({ envVar }),
    ),
  );
}

/** It replaces the whole set, as the real one does: a runbook that calls it with a part of the set loses the rest. */
function replaceEnvVars(workspace: Workspace, { body }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const list = JSON.parse(body || '[]') as { key: string; value: string }[];
  service.envVars = new Map(list.map(({ key, value }) => [key, value]));
  workspace.ground.effects.add('render-env-replaced', { service: service.name, count: list.length });
  return ok(list.map((envVar) => ({ envVar })));
}

function putEnvVar(workspace: Workspace, { body: text }: Asked, [id, key = '']: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const body = readBody(text, ['value', 'generateValue']);
  const value = textField(body, 'value');
  if (value === undefined) throw new Refusal(400, 'value or generateValue is required');
  if (!/^[A-Za-z_.-][A-Za-z0-9_.-]*$/.test(key)) throw new Refusal(400, `invalid key: ${key}`);
  service.envVars.set(key, value);
  workspace.ground.effects.add('render-env-put', { service: service.name, key });
  return ok({ key, value });
}

function listDeploys(workspace: Workspace, { query }: Asked, [id]: readonly string[]): Answered {
  const status = query.getAll('status');
  const found = serviceOf(workspace, id).deploys.filter(
    (deploy) => status.length === 0 || status.includes(deploy.status),
  );
  return ok(
    pageOf(
      found,
      query,
      (deploy) => deploy.id,
      (deploy) => ({ deploy: deployJson(deploy) }),
    ),
  );
}

function createDeploy(workspace: Workspace, { body: text }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const body = readBody(text, ['clearCache', 'commitId', 'imageUrl', 'deployMode', 'artifactId']);
  textField(body, 'clearCache', ['clear', 'do_not_clear']);
  const mode = textField(body, 'deployMode', ['deploy_only', 'build_and_deploy']);
  const commitId = textField(body, 'commitId');
  if (mode === 'deploy_only' && (commitId !== undefined || body['clearCache'] !== undefined)) {
    throw new Refusal(400, 'deployMode deploy_only cannot be combined with commitId, imageUrl or clearCache');
  }
  if (service.suspended === 'suspended') throw new Refusal(400, 'service is suspended');
  const commit =
    commitId === undefined ? service.commits.at(-1) : service.commits.find((each) => each.id.startsWith(commitId));
  if (!commit) throw new Refusal(400, `commit ${commitId ?? ''} not found`);
  const build = mode === 'deploy_only' ? latestBuild(service) : undefined;
  const { deploy, created } = requestDeploy(workspace, service, {
    trigger: 'api',
    commit,
    ...(build === undefined ? {} : { build }),
  });
  return created ? { status: 201, json: deployJson(deploy) } : { status: 202 };
}

function rollback(workspace: Workspace, { body: text }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const deployId = textField(readBody(text, ['deployId'], ['deployId']), 'deployId');
  const target = deployOf(service, deployId);
  if (target.build === undefined || !['live', 'deactivated'].includes(target.status)) {
    throw new Refusal(400, `deploy ${target.id} cannot be rolled back to`);
  }
  workspace.ground.effects.add('render-rollback', {
    service: service.name,
    to: target.id,
    autoDeploy: service.autoDeploy,
  });
  const { deploy, created } = requestDeploy(workspace, service, {
    trigger: 'rollback',
    commit: target.commit,
    build: target.build,
  });
  return created ? { status: 201, json: deployJson(deploy) } : { status: 202 };
}

function createJob(workspace: Workspace, { body: text }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const body = readBody(text, ['startCommand', 'planId'], ['startCommand']);
  const startCommand = textField(body, 'startCommand') ?? '';
  if (startCommand.trim() === '') throw new Refusal(400, 'startCommand is required');
  const build = latestBuild(service);
  if (build === undefined) throw new Refusal(400, 'service has no successful build');
  const planId = textField(body, 'planId') ?? 'plan-srv-006';
  return { status: 201, json: jobJson(startJob(workspace, service, build, { startCommand, planId })) };
}

function cancelJob(workspace: Workspace, _: Asked, [id, jobId]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const job = jobOf(workspace, service, jobId);
  cancel(workspace, service, job);
  return ok(jobJson(job));
}

function listEvents(workspace: Workspace, { query }: Asked, [id]: readonly string[]): Answered {
  const service = serviceOf(workspace, id);
  const start = momentOf(query, 'startTime', 0);
  const end = momentOf(query, 'endTime', Number.POSITIVE_INFINITY);
  const type = query.get('type');
  const found = service.events.filter(
    (event) => inTime(event.timestamp, start, end) && (type === null || event.type === type),
  );
  return ok(
    pageOf(
      found,
      query,
      (event) => event.id,
      (event) => ({ event: eventJson(event, service) }),
    ),
  );
}

function listPostgres(workspace: Workspace, { query }: Asked): Answered {
  const name = query.get('name');
  const found = workspace.databases.filter((database) => name === null || database.name === name);
  return ok(
    pageOf(
      found,
      query,
      ({ id }) => id,
      (database) => ({ postgres: postgresJson(database, workspace) }),
    ),
  );
}

function connectionInfo(workspace: Workspace, _: Asked, [id]: readonly string[]): Answered {
  const database = workspace.databases.find((each) => each.id === id);
  if (!database) throw notFound(`postgres ${id}`);
  return ok({
    password: new URL(database.url).password,
    internalConnectionString: database.url,
    externalConnectionString: database.url,
  });
}

function serviceOf(workspace: Workspace, id: string | undefined): Service {
  const service = workspace.services.find((each) => each.id === id);
  if (!service) throw notFound(`service ${id}`);
  return service;
}

function deployOf(service: Service, id: string | undefined): Deploy {
  const deploy = service.deploys.find((each) => each.id === id);
  if (!deploy) throw notFound(`deploy ${id}`);
  return deploy;
}

function jobOf(workspace: Workspace, service: Service, id: string | undefined) {
  const job = workspace.jobs.find((each) => each.id === id && each.serviceId === service.id);
  if (!job) throw notFound(`job ${id}`);
  return job;
}

function inTime(timestamp: string, start: number, end: number): boolean {
  const moment = Date.parse(timestamp);
  return moment >= start && moment <= end;
}
