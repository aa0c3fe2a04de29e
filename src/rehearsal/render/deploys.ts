import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addEvent } from './events.ts';
import { newId } from './ids.ts';
import { startInstance, stopInstance } from './instance.ts';
import { addLog } from './log-store.ts';
import type { Commit, Deploy, Service, Workspace } from './model.ts';

const GOING = new Set(['created', 'queued', 'build_in_progress', 'update_in_progress', 'pre_deploy_in_progress']);

export function isGoing({ status }: Deploy): boolean {
  return GOING.has(status);
}

export interface DeployRequest {
  trigger: Deploy['trigger'];
  commit: Commit;
  /** An earlier build to start, instead of building the commit. */
  build?: string;
}

/** Queues a deploy. `created` is false while another one is under way: Render answers 202 without a body then. */
export function requestDeploy(
  workspace: Workspace,
  service: Service,
  { trigger, commit, build }: DeployRequest,
): { deploy: Deploy; created: boolean; done: Promise<void> } {
  const now = new Date().toISOString();
  const created = service.waiting === 0;
  const deploy: Deploy = {
    id: newId('dep'),
    status: created ? 'created' : 'queued',
    trigger,
    commit,
    createdAt: now,
    updatedAt: now,
    ...(build === undefined ? {} : { build }),
  };
  service.deploys.unshift(deploy);
  service.waiting += 1;
  workspace.ground.effects.add('render-deploy', {
    service: service.name,
    deploy: deploy.id,
    trigger,
    commit: commit.id,
  });
  const done = service.queue
    .then(() => carryOut(workspace, service, deploy))
    .catch((error: Error) => {
      addLog(workspace, service.id, 'build', `==> ${error.message}`);
      to(deploy, 'build_failed');
    })
    .finally(() => {
      service.waiting -= 1;
    });
  service.queue = done;
  return { deploy, created, done };
}

async function carryOut(workspace: Workspace, service: Service, deploy: Deploy): Promise<void> {
  if (deploy.status === 'canceled') return;
  deploy.startedAt = new Date().toISOString();
  addEvent(service, 'deploy_started', { deployId: deploy.id, trigger: deploy.trigger });
  if (deploy.build === undefined) {
    to(deploy, 'build_in_progress');
    addEvent(service, 'build_started', { deployId: deploy.id });
    addLog(workspace, service.id, 'build', `==> Checking out commit ${deploy.commit.id} in branch ${service.branch}`);
    const directory = join(workspace.directory, 'builds', deploy.id);
    await cp(deploy.commit.directory, directory, { recursive: true });
    await readFile(join(directory, 'release.json'));
    deploy.build = directory;
    addLog(workspace, service.id, 'build', '==> Build successful 🎉');
    addEvent(service, 'build_ended', { deployId: deploy.id, status: 'succeeded' });
  }
  to(deploy, 'update_in_progress');
  addLog(workspace, service.id, 'app', '==> Deploying...');
  const instance = await startInstance(workspace, service, deploy.build);
  if (!instance) {
    addLog(workspace, service.id, 'app', '==> Exited with status 1');
    finish(workspace, service, deploy, 'update_failed');
    return;
  }
  const before = service.instance;
  service.instance = instance;
  for (const other of service.deploys) if (other.status === 'live') to(other, 'deactivated');
  finish(workspace, service, deploy, 'live');
  addLog(workspace, service.id, 'app', '==> Your service is live 🎉');
  if (before) await stopInstance(before);
  workspace.wentLive?.();
}

function finish(workspace: Workspace, service: Service, deploy: Deploy, status: string): void {
  deploy.finishedAt = new Date().toISOString();
  to(deploy, status);
  addEvent(service, 'deploy_ended', { deployId: deploy.id, status: status === 'live' ? 'succeeded' : 'failed' });
  workspace.ground.effects.add('render-deploy-ended', { service: service.name, deploy: deploy.id, status });
}

function to(deploy: Deploy, status: string): void {
  deploy.status = status;
  deploy.updatedAt = new Date().toISOString();
}

/** The newest build that was finished; jobs run in it. */
export function latestBuild(service: Service): string | undefined {
  return service.deploys.find(({ build }) => build !== undefined)?.build;
}
