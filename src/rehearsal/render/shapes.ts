/** Render's answers as JSON. */
import type { Deploy, Event, Job, LogLine, Postgres, Service, Workspace } from './model.ts';

export function serviceJson(workspace: Workspace, service: Service) {
  return {
    id: service.id,
    name: service.name,
    ownerId: workspace.owner.id,
    type: 'web_service',
    slug: service.name,
    suspended: service.suspended,
    suspenders: [],
    autoDeploy: service.autoDeploy,
    autoDeployTrigger: service.autoDeploy === 'yes' ? 'commit' : 'off',
    branch: service.branch,
    repo: 'https://github.com/example/horologen',
    dashboardUrl: `https://dashboard.render.com/web/${service.id}`,
    createdAt: service.createdAt,
    updatedAt: service.createdAt,
    serviceDetails: {
      env: 'python',
      plan: 'starter',
      region: 'singapore',
      url: `https://${service.host}`,
      numInstances: 1,
    },
  };
}

export function deployJson({ id, status, trigger, commit, createdAt, startedAt, updatedAt, finishedAt }: Deploy) {
  return {
    id,
    status,
    trigger,
    commit: { id: commit.id, message: commit.message, createdAt: commit.createdAt },
    createdAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    updatedAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

export function jobJson({ id, serviceId, startCommand, planId, status, createdAt, startedAt, finishedAt }: Job) {
  return {
    id,
    serviceId,
    startCommand,
    planId,
    // A job that has just been made has no status yet.
    ...(status === 'pending' ? {} : { status }),
    createdAt,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

export function eventJson({ id, type, timestamp, details }: Event, service: Service) {
  return { id, serviceId: service.id, type, timestamp, details };
}

export function logJson({ id, message, timestamp, resource, type, level }: LogLine) {
  const labels = [
    { name: 'resource', value: resource },
    { name: 'type', value: type },
    { name: 'level', value: level },
  ];
  return { id, message, timestamp, labels };
}

export function postgresJson({ id, name }: Postgres, workspace: Workspace) {
  const up = workspace.ground.database.running();
  return {
    id,
    name,
    owner: workspace.owner,
    status: up ? 'available' : 'unavailable',
    suspended: 'not_suspended',
    version: workspace.ground.database.version.split('.')[0] ?? '',
    plan: 'basic_256mb',
    diskSizeGB: 1,
    region: 'singapore',
    role: 'primary',
  };
}
