/** The sample service in front: what the public reaches, and what calls the service behind it over the private network. */
import { createServer, type Server } from 'node:http';
import { HOSTS_VARIABLE, readHosts, resolvePrivateHost } from './hosts.ts';
import { respond } from './respond.ts';

export interface FrontConfig {
  port: number;
  /** Of the service behind; absent when it calls none. */
  backend?: URL;
  /** Where a login begins; absent when it has none. */
  login?: URL;
}

interface Answer {
  status: number;
  body: unknown;
  location?: string;
}

const ANSWER_MS = 2000;

/**
 * Reads the environment: `REQUIRES` names the variables without which it does not start, `BACKEND_…_ADDRESS` is a
 * `HOST:PORT` of the private network.
 */
export function readFrontConfig(
  env: Readonly<Record<string, string | undefined>>,
): FrontConfig | { missing: string[] } {
  const missing = (env['REQUIRES'] ?? '').split(' ').filter((name) => name !== '' && !env[name]);
  if (missing.length > 0) return { missing };
  const address = Object.entries(env).find(([name]) => /^BACKEND_\w*ADDRESS$/.test(name))?.[1];
  const { OIDC_ISSUER_URL: issuer, OIDC_CLIENT_ID: client, OIDC_REDIRECT_URI: redirect } = env;
  return {
    port: Number(env['PORT'] ?? '8080'),
    ...(address
      ? { backend: resolvePrivateHost(new URL(`http://${address}`), readHosts(env[HOSTS_VARIABLE]), '80') }
      : {}),
    ...(issuer && client && redirect ? { login: loginAt(issuer, client, redirect) } : {}),
  };
}

function loginAt(issuer: string, client: string, redirect: string): URL {
  const login = new URL(`${issuer.replace(/\/$/, '')}/authorize`);
  login.search = new URLSearchParams({ response_type: 'code', client_id: client, redirect_uri: redirect }).toString();
  return login;
}

/** Listens until it is told to stop. */
export function startFront(
  config: FrontConfig,
  { version }: { version: string },
  say: (level: 'INFO' | 'ERROR', message: string) => void,
): Server {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    route(pathname, version, config).then(
      ({ location, ...answer }) => {
        if (location) response.setHeader('location', location);
        respond(response, answer);
      },
      (error: Error) => {
        say('ERROR', `${request.method} ${pathname} failed: ${error.message}`);
        respond(response, { status: 500, body: { detail: 'internal error' } });
      },
    );
  });
  server.listen(config.port, '127.0.0.1', () => say('INFO', `listening on port ${config.port}`));
  return server;
}

async function route(path: string, version: string, { backend, login }: FrontConfig): Promise<Answer> {
  switch (path) {
    case '/':
      return { status: 200, body: { service: 'front', version } };
    // Its own health only: a check that looked behind it would take the front down together with what is behind.
    case '/healthz':
      return { status: 200, body: { status: 'healthy', version } };
    case '/readyz': {
      const behind = backend ? await health(backend) : 'none';
      const ready = behind === 'none' || behind === 'serving';
      return { status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'unready', backend: behind } };
    }
    case '/login':
      if (login) return { status: 302, body: { status: 'redirect' }, location: login.href };
      return { status: 404, body: { detail: 'not found' } };
    default:
      return { status: 404, body: { detail: 'not found' } };
  }
}

async function health(backend: URL): Promise<string> {
  try {
    const answer = await fetch(new URL('/api/v1/healthz', backend), { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.arrayBuffer();
    return answer.ok ? 'serving' : `not serving (${answer.status})`;
  } catch (error) {
    return `unreachable (${((error as Error).cause as NodeJS.ErrnoException | undefined)?.code ?? (error as Error).message})`;
  }
}
