import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { bytesOf } from './sizes.ts';

/** A service, as the compose file declares it, with its variables put in. */
export interface Service {
  name: string;
  containerName?: string;
  image: string;
  /** Absolute; absent where the image is only pulled. */
  build?: { context: string; dockerfile: string };
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  healthcheck?: Healthcheck;
  restart: string;
  dependsOn: readonly { service: string; condition: string }[];
  networks: readonly string[];
  cpus: number;
  memory: number;
}

export interface Healthcheck {
  /** `['CMD', …]` or `['CMD-SHELL', LINE]`. */
  test: readonly string[];
  intervalMs: number;
  timeoutMs: number;
  retries: number;
  startPeriodMs: number;
}

export interface ComposeFile {
  project: string;
  path: string;
  services: readonly Service[];
  /** Variables that were not set and have no default: compose warns of each. */
  unset: readonly string[];
}

/** What compose says of a file that it does not take; exit 1. */
export class FileError extends Error {}

type Env = Readonly<Record<string, string | undefined>>;
type Raw = Readonly<Record<string, unknown>>;

/** What services here may have; another key is refused rather than left out silently. */
const SERVICE_KEYS = new Set(
  'image build container_name command environment env_file healthcheck restart depends_on networks deploy mem_limit cpus volumes ports expose logging'.split(
    ' ',
  ),
);

/**
 * Reads a compose file. Pure.
 *
 * @param env what `${NAME}` is replaced with: `--env-file`, and the caller's environment over it
 * @param named `-p` or COMPOSE_PROJECT_NAME
 * @throws FileError
 */
export function readComposeFile(text: string, path: string, env: Env, named: string | undefined): ComposeFile {
  const unset = new Set<string>();
  let raw: unknown;
  try {
    raw = parse(text);
  } catch (error) {
    throw new FileError(`yaml: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  const root = putIn(asMap(raw, path, 'top-level object'), env, unset) as Raw;
  const services = Object.entries(asMap(root['services'] ?? {}, path, 'services')).map(([name, given]) =>
    serviceOf(name, asMap(given, path, `services.${name}`), path),
  );
  for (const { name, dependsOn } of services) {
    for (const { service } of dependsOn) {
      if (services.some((other) => other.name === service)) continue;
      throw new FileError(`service "${name}" depends on undefined service "${service}": invalid compose project`);
    }
  }
  const fallback = dirname(resolve(path)).split('/').at(-1) ?? 'default';
  const project = named ?? (typeof root['name'] === 'string' ? root['name'] : fallback);
  return { project: project.toLowerCase().replaceAll(/[^a-z0-9_-]/g, ''), path, services, unset: [...unset] };
}

function serviceOf(name: string, given: Raw, path: string): Service {
  const unknown = Object.keys(given).find((key) => !SERVICE_KEYS.has(key));
  if (unknown)
    throw new FileError(`validating ${path}: services.${name} additional properties '${unknown}' not allowed`);
  const limits = asMap(at(given, 'deploy', 'resources', 'limits') ?? {}, path, `services.${name}.deploy`);
  const build = given['build'];
  const context = typeof build === 'string' ? build : (at(build, 'context') as string | undefined);
  const image = given['image'];
  if (image === undefined && context === undefined) {
    throw new FileError(
      `service "${name}" has neither an image nor a build context specified: invalid compose project`,
    );
  }
  const memory = limits['memory'] ?? given['mem_limit'];
  return {
    name,
    ...(given['container_name'] ? { containerName: String(given['container_name']) } : {}),
    image: String(image ?? `${name}:latest`),
    ...(context === undefined
      ? {}
      : {
          build: {
            context: isAbsolute(context) ? context : join(dirname(path), context),
            dockerfile: String(at(build, 'dockerfile') ?? 'Dockerfile'),
          },
        }),
    command: wordsOf(given['command']),
    environment: environmentOf(given['environment']),
    ...(given['healthcheck'] ? { healthcheck: healthcheckOf(asMap(given['healthcheck'], path, name)) } : {}),
    restart: String(given['restart'] ?? 'no'),
    dependsOn: dependsOn(given['depends_on']),
    networks: Array.isArray(given['networks'])
      ? given['networks'].map(String)
      : Object.keys((given['networks'] as object | undefined) ?? { default: null }),
    cpus: Number(limits['cpus'] ?? given['cpus'] ?? 0),
    memory: memory === undefined ? 0 : bytesOf(String(memory)),
  };
}

function healthcheckOf(given: Raw): Healthcheck {
  const test = given['test'];
  return {
    test: typeof test === 'string' ? ['CMD-SHELL', test] : Array.isArray(test) ? test.map(String) : [],
    intervalMs: milliseconds(given['interval'] ?? '30s'),
    timeoutMs: milliseconds(given['timeout'] ?? '30s'),
    retries: Number(given['retries'] ?? 3),
    startPeriodMs: milliseconds(given['start_period'] ?? '0s'),
  };
}

function dependsOn(given: unknown): { service: string; condition: string }[] {
  if (Array.isArray(given)) return given.map((service) => ({ service: String(service), condition: 'service_started' }));
  return Object.entries((given as Raw | undefined) ?? {}).map(([service, how]) => ({
    service,
    condition: String(at(how, 'condition') ?? 'service_started'),
  }));
}

function environmentOf(given: unknown): Record<string, string> {
  if (Array.isArray(given)) {
    return Object.fromEntries(
      given.map((line) => [String(line).split('=', 1)[0] ?? '', String(line).split('=').slice(1).join('=')]),
    );
  }
  return Object.fromEntries(
    Object.entries((given as Raw | undefined) ?? {}).map(([key, value]) => [key, String(value ?? '')]),
  );
}

function wordsOf(given: unknown): string[] {
  if (Array.isArray(given)) return given.map(String);
  return typeof given === 'string' ? given.split(/\s+/).filter((word) => word !== '') : [];
}

/** `1m30s`, `500ms`. Pure. */
export function milliseconds(duration: unknown): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  if (parts.length === 0) throw new FileError(`time: invalid duration "${duration}"`);
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? 's'] ?? 1000), 0);
}

/** Puts variables into every text: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}`; `$$` is a dollar. */
function putIn(value: unknown, env: Env, unset: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => putIn(each, env, unset));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, putIn(each, env, unset)]));
  }
  return typeof value === 'string' ? interpolate(value, env, unset) : value;
}

function interpolate(text: string, env: Env, unset: Set<string>): string {
  return text.replaceAll(
    /\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\})/g,
    (_, dollar, plain, name, kind, rest) => {
      if (dollar) return '$';
      const key = String(plain ?? name);
      const value = env[key];
      const absent = value === undefined || (String(kind ?? '').startsWith(':') && value === '');
      if (!absent) return value;
      if (kind?.endsWith('-')) return String(rest);
      if (kind?.endsWith('?')) {
        throw new FileError(`error while interpolating: required variable ${key} is missing a value: ${rest}`);
      }
      unset.add(key);
      return '';
    },
  );
}

/** `NAME=value` lines, as compose reads an env file. Pure. */
export function readEnvFile(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
      return found ? [[found[1] ?? '', (found[2] ?? '').replace(/^(['"])(.*)\1$/, '$2')]] : [];
    }),
  );
}

function asMap(value: unknown, path: string, what: string): Raw {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw;
  throw new FileError(`validating ${path}: ${what} must be a mapping`);
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Raw)[key] : undefined),
    value,
  );
}
