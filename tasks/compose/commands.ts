import type { Command } from '../../src/exec/command.ts';
import { isOld, type Project, projectFlags } from './project.ts';

/** Every command of compose and Docker that tejun runs, as pure builders of argument lists. */

/** `docker compose FLAGS ARGS`, or `docker-compose FLAGS ARGS`. */
function compose(project: Project, ...args: string[]): Command {
  const flags = projectFlags(project);
  return isOld(project)
    ? { file: 'docker-compose', args: [...flags, ...args] }
    : { file: 'docker', args: ['compose', ...flags, ...args] };
}

const docker = (...args: string[]): Command => ({ file: 'docker', args });

export const version = ({ cli }: Project): Command => compose({ cli }, 'version', '--short');

/** The engine's version; fails when the daemon does not answer. */
export const engineVersion = (): Command => docker('version', '--format', '{{.Server.Version}}');

/** Says nothing when the file is valid and every variable that it needs is set. */
export const validate = (project: Project): Command => compose(project, 'config', '-q');

/** One name a line. */
export const listServices = (project: Project): Command => compose(project, 'config', '--services');

/**
 * `-a`: without it a container that has exited is not listed at all. The format is always said, because
 * `~/.docker/config.json` may have another one; 1.29 has none, and prints ids.
 */
export const listContainers = (project: Project): Command =>
  compose(project, 'ps', '-a', ...(isOld(project) ? ['-q'] : ['--format', 'json']));

/** One JSON object a line. `.Config.Env` is left out: it holds the containers' secrets, which nothing here needs. */
export const inspect = (ids: readonly string[]): Command => docker('inspect', '--format', INSPECT_FORMAT, ...ids);

const INSPECT_FORMAT = `{${[
  ['id', '.Id'],
  ['name', '.Name'],
  ['image', '.Image'],
  ['ref', '.Config.Image'],
  ['labels', '.Config.Labels'],
  ['state', '.State'],
  ['restarts', '.RestartCount'],
  ['cpus', '.HostConfig.NanoCpus'],
  ['memory', '.HostConfig.Memory'],
]
  .map(([key, field]) => `"${key}":{{json ${field}}}`)
  .join(',')}}`;

/** `--no-stream`: one look; it takes about two seconds, because a rate needs two. */
export const stats = (ids: readonly string[]): Command =>
  docker('stats', '--no-stream', '--no-trunc', '--format', '{{json .}}', ...ids);

/** @param tail lines of each container */
export const logs = (
  project: Project,
  { services, tail, since }: { services: readonly string[]; tail: number; since?: string | undefined },
): Command =>
  compose(
    project,
    'logs',
    '--no-color',
    `--tail=${tail}`,
    ...(since === undefined ? [] : ['--since', since]),
    ...services,
  );

export const build = (project: Project, services: readonly string[]): Command => compose(project, 'build', ...services);

/** @param waitTimeout seconds; 1.29 cannot wait, and is waited for by `settle` */
export const up = (
  project: Project,
  services: readonly string[],
  { waitTimeout, recreate = false }: { waitTimeout: number; recreate?: boolean },
): Command =>
  compose(
    project,
    'up',
    '-d',
    ...(recreate ? ['--force-recreate'] : []),
    ...(isOld(project) ? [] : ['--wait', '--wait-timeout', String(waitTimeout)]),
    ...services,
  );

export const restart = (project: Project, services: readonly string[]): Command =>
  compose(project, 'restart', ...services);

/** Every image, one JSON object a line. */
export const listImages = (): Command => docker('image', 'ls', '--no-trunc', '--format', '{{json .}}');

/** Ids of every container, running or not, of any project: what they were made from is in use. */
export const listAllContainers = (): Command => docker('ps', '-aq', '--no-trunc');

/** `-f`: it would prompt. @param until an age such as `168h` */
export const pruneImages = (until: string): Command =>
  docker('image', 'prune', '-a', '-f', '--filter', `until=${until}`);
