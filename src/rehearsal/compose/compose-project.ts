import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DockerError } from './call.ts';
import { type ComposeFile, FileError, readComposeFile, readEnvFile, type Service } from './compose-file.ts';
import type { FlagSpec, Words } from './flags.ts';
import { flagOf } from './flags.ts';

/** The flags that stand before compose's command. */
export const PROJECT_FLAGS: readonly FlagSpec[] = [
  { long: 'file', short: 'f', value: true },
  { long: 'env-file', value: true },
  { long: 'project-name', short: 'p', value: true },
  { long: 'project-directory', value: true },
  { long: 'profile', value: true },
  { long: 'ansi', value: true },
  { long: 'progress', value: true },
  { long: 'compatibility' },
  { long: 'dry-run' },
];

const DEFAULT_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];

type Env = Readonly<Record<string, string>>;

/** Finds and reads the project that a call means: its flags, else COMPOSE_FILE, else the files that compose looks for. */
export function projectOf(words: Words, cwd: string, env: Env): ComposeFile {
  const start = resolve(cwd, flagOf(words, 'project-directory') ?? '.');
  const named = words.flags['file'] ?? env['COMPOSE_FILE']?.split(':') ?? [];
  if (named.length > 1) throw new DockerError('this rehearsal does not act out several compose files');
  const path = named[0] === undefined ? search(start) : resolve(cwd, named[0]);
  if (path === undefined) throw new DockerError('no configuration file provided: not found');
  if (!existsSync(path)) throw new DockerError(`open ${path}: no such file or directory`);
  const envFiles = words.flags['env-file'] ?? env['COMPOSE_ENV_FILES']?.split(',') ?? [];
  const values = {
    ...envOf(envFiles, cwd, join(flagOf(words, 'project-directory') ? start : dirname(path), '.env')),
    ...env,
  };
  try {
    const project = flagOf(words, 'project-name') ?? env['COMPOSE_PROJECT_NAME'];
    return readComposeFile(readFileSync(path, 'utf8'), path, values, project);
  } catch (error) {
    if (error instanceof FileError) throw new DockerError(error.message);
    throw error;
  }
}

function envOf(named: readonly string[], cwd: string, fallback: string): Record<string, string> {
  if (named.length === 0) return existsSync(fallback) ? readEnvFile(readFileSync(fallback, 'utf8')) : {};
  return Object.assign(
    {},
    ...named.map((file) => {
      const path = resolve(cwd, file);
      if (!existsSync(path)) throw new DockerError(`couldn't find env file: ${path}`);
      return readEnvFile(readFileSync(path, 'utf8'));
    }),
  );
}

function search(directory: string): string | undefined {
  const found = DEFAULT_FILES.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (found) return found;
  const up = dirname(directory);
  return up === directory ? undefined : search(up);
}

/** The services of these names, in the file's order; all when there are none. */
export function servicesNamed(file: ComposeFile, names: readonly string[]): readonly Service[] {
  const missing = names.find((name) => !file.services.some((service) => service.name === name));
  if (missing !== undefined) throw new DockerError(`no such service: ${missing}`);
  return names.length === 0 ? file.services : file.services.filter(({ name }) => names.includes(name));
}

/** These services and all that they depend on, dependencies first. */
export function withDependencies(file: ComposeFile, services: readonly Service[]): Service[] {
  const ordered: Service[] = [];
  const add = (service: Service): void => {
    if (ordered.includes(service)) return;
    for (const { service: name } of service.dependsOn) {
      const needed = file.services.find((other) => other.name === name);
      if (needed) add(needed);
    }
    if (!ordered.includes(service)) ordered.push(service);
  };
  services.forEach(add);
  return ordered;
}

/** What a container is made from, beside its image: another digest makes another container. */
export function configHash(service: Service): string {
  return createHash('sha256').update(JSON.stringify(service)).digest('hex');
}
