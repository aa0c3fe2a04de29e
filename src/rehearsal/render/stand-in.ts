import type { Server } from 'node:http';
import type { Json } from '../../journal/records.ts';
import type { StandIn, StandInKind } from '../stand-in.ts';
import { openApi } from './api.ts';
import { openEdge } from './edge.ts';
import { stopInstance } from './instance.ts';
import { cancel } from './jobs.ts';
import type { Service, Workspace } from './model.ts';
import { createPasswords, createWorkspace, fill, push, usersOf } from './populate.ts';

/** Deploys and jobs take moments here; the real ones are looked at every few seconds. */
const POLL_MS = '400';

/** Render: its HTTP API on a port of this machine, over real processes and the real PostgreSQL. */
export const render: StandInKind = {
  name: 'render',
  needed: (uses, bodies) =>
    uses.some((task) => task.startsWith('render/')) || bodies.some((body) => body.includes('api.render.com')),
  async start(ground): Promise<StandIn> {
    const passwords = createPasswords();
    const workspace = await createWorkspace(ground);
    const [service] = workspace.services;
    if (!service) throw new Error('the workspace has no service');
    const servers: Server[] = [];
    const origins: Record<string, string> = {};
    for (const each of workspace.services) {
      const { origin, server } = await openEdge(workspace, each);
      servers.push(server);
      origins[each.host] = origin;
    }
    const { base, server } = await openApi(workspace);
    servers.push(server);
    await fill(workspace, service, passwords);
    return {
      origins,
      env: { RENDER_API_KEY: workspace.key, TEJUN_RENDER_API: base, TEJUN_RENDER_POLL_MS: POLL_MS },
      secrets: {
        PLATFORM_ADMIN_PASSWORD: passwords.platform,
        ADMIN_PASSWORD: passwords.admin,
        STAFF_PASSWORD: passwords.staff,
      },
      details: { render: service.name, deploys: String(service.deploys.length) },
      ask: (question, given) =>
        ask(workspace, service, question, given, () => push(workspace, service, usersOf(passwords))),
      async populated() {
        // Whatever else a rehearsal holds is made by now.
        const { broken, drill, fly } = ground.order;
        if (drill !== 'database-down' || fly) return;
        if (broken) await ground.database.stop();
        else workspace.wentLive = () => void ground.database.stop();
      },
      stop: () => stop(workspace, servers),
    };
  },
};

/** What tests ask and want: the platform's state, a refusal of the next requests, a commit on the branch. */
function ask(
  workspace: Workspace,
  service: Service,
  question: string,
  given: Json,
  pushed: () => Promise<boolean>,
): Json {
  const details = (typeof given === 'object' && given !== null ? given : {}) as Record<string, Json>;
  switch (question) {
    case 'refuse': {
      const headers = (details['headers'] ?? {}) as Record<string, string>;
      for (let n = 0; n < Number(details['times'] ?? 1); n += 1) {
        workspace.refusals.push({ status: Number(details['status']), headers });
      }
      return null;
    }
    case 'env-names':
      return [...service.envVars.keys()];
    case 'env-equals':
      return service.envVars.get(String(details['key'])) === details['value'];
    case 'auto-deploy':
      return service.autoDeploy;
    case 'deploys':
      return service.deploys.map(({ id, status, trigger }) => ({ id, status, trigger }));
    case 'push':
      void pushed();
      return service.autoDeploy === 'yes';
    // What a person does in the dashboard.
    case 'start-database':
      void workspace.ground.database.start();
      return null;
    case 'crash':
      return service.instance?.child.kill('SIGKILL') ?? false;
    default:
      return null;
  }
}

async function stop(workspace: Workspace, servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  for (const service of workspace.services) {
    for (const job of workspace.jobs) cancel(workspace, service, job);
    const { instance } = service;
    if (instance) await stopInstance(instance);
  }
}
