/** Neon: its API on a port of this machine, over the rehearsal's PostgreSQL and branches that are servers of their own. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { StandInKind } from '../stand-in.ts';
import { type Answer, answer, refuse } from './api.ts';
import { beginProject, connectionString, createProject, endProject } from './project.ts';

/** Requests to one route in a second (neon.com/docs/reference/api, rate limits). */
const BURST = 40;

export const neon: StandInKind = {
  name: 'neon',
  needed: (uses) => uses.some((task) => task.startsWith('neon/')),
  async start(ground) {
    const project = await createProject(ground);
    const [main] = project.branches;
    const asked = new Map<string, number[]>();
    /** Answers that a test has asked for, before any others. */
    const forced: { method: string; status: number }[] = [];

    const serve = async (request: IncomingMessage): Promise<Answer> => {
      const url = new URL(request.url ?? '/', 'http://neon');
      const method = request.method ?? 'GET';
      const body = method === 'GET' ? undefined : await json(request).catch(() => undefined);
      const next = forced.findIndex((one) => one.method === method);
      const [{ status } = {}] = next < 0 ? [] : forced.splice(next, 1);
      if (status !== undefined) return status === 429 ? tooMany() : refuse(status, 'the rehearsal was asked for this');
      const route = `${method} ${url.pathname}`;
      const recent = [...(asked.get(route) ?? []).filter((at) => Date.now() - at < 1000), Date.now()];
      asked.set(route, recent);
      if (recent.length > BURST) return tooMany();
      return answer(project, { method, url, authorization: request.headers.authorization ?? '', body });
    };
    const server = createServer((request, response) => {
      void serve(request).then(({ status, headers, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(`${JSON.stringify(body)}\n`);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      origins: { 'console.neon.tech': origin },
      env: { TEJUN_NEON_API: `${origin}/api/v2` },
      secrets: { NEON_API_KEY: project.key, DATABASE_URL: (main && connectionString(project, main)) ?? '' },
      details: { neon: project.id },
      populated: () => beginProject(project),
      ask(question, given) {
        if (question === 'force') forced.push(...(given as typeof forced));
        return project.branches.map(({ name, state, endpoint }) => ({ name, state, port: endpoint?.port ?? null }));
      },
      async stop() {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
        await endProject(project);
      },
    };
  },
};

function tooMany(): Answer {
  return { ...refuse(429, 'rate limit exceeded'), headers: { 'retry-after': '1' } };
}
