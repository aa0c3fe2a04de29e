import { Secret } from '../secrets/secret.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * What a child may know of the operator's environment. Everything else stays out: an environment is readable by every
 * process of the same user (/proc/PID/environ) and is inherited further.
 */
const ALLOWED = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
]);

/**
 * Families of names. `FLY_`, `DOCKER_` and `GH_` hold the operator's own logins to those platforms (FLY_API_TOKEN,
 * FLY_ACCESS_TOKEN, GH_TOKEN): the programs need them, so they pass; `loginsOf` lists them for the redactor.
 */
const ALLOWED_PREFIXES = ['LC_', 'XDG_', 'FLY_', 'DOCKER_', 'COMPOSE_', 'GH_'];

/** Logins without a family of their own. */
const LOGINS = ['RENDER_API_KEY', 'NEON_API_KEY', 'GITHUB_TOKEN'];

const LOGIN_NAME = /(TOKEN|KEY|PASSWORD|SECRET)$/;

/** Set for every child: what it prints goes to a pipe, and no tool replaces itself in the middle of a deploy. */
const FIXED = { TERM: 'dumb', NO_COLOR: '1', FLY_NO_UPDATE_CHECK: '1' };

/** The environment of the steps on the operator's host. NODE_OPTIONS, LD_PRELOAD, PG* and all others are left out. */
export function hostEnvironment(env: Env): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && mayPass(name)) allowed[name] = value;
  return { ...allowed, ...FIXED };
}

/** The logins among what passes, to be registered with the redactor before the first child starts. */
export function loginsOf(env: Env): Secret[] {
  return Object.entries(hostEnvironment(env))
    .filter(([name, value]) => LOGIN_NAME.test(name) && value !== '')
    .map(([name, value]) => new Secret(name, Buffer.from(value)));
}

function mayPass(name: string): boolean {
  return ALLOWED.has(name) || LOGINS.includes(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
}
