import { posix } from 'node:path';
import * as z from 'zod';
import { argument } from '../input.ts';

/** A service's name, as compose files have it; it can never be read as a flag. */
export const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a service name has letters, digits, dots, dashes and underscores');

/** The words in which every task of compose takes its project; spread into the task's own object. */
export const projectInput = {
  file: z.union([argument, z.array(argument).min(1)]).optional(),
  env_file: argument.optional(),
  project: argument.optional(),
  directory: argument.optional(),
  cli: z.enum(['docker compose', 'docker-compose']).default('docker compose'),
};

/** A project of compose, as a step names it. */
export interface Project {
  file?: string | string[] | undefined;
  env_file?: string | undefined;
  project?: string | undefined;
  /** The checkout: where `file` and `env_file` start, and where git works. */
  directory?: string | undefined;
  cli: 'docker compose' | 'docker-compose';
}

/** Whether the CLI is the 1.29 in Python: it has no `--wait` and no `ps --format`. */
export function isOld({ cli }: Pick<Project, 'cli'>): boolean {
  return cli === 'docker-compose';
}

/**
 * The flags that stand before compose's command. `--project-directory` is given only where no file is named: it would also
 * move the build contexts of a file that lies in a folder of its own.
 */
export function projectFlags({ file, env_file, project, directory }: Project): string[] {
  const files = file === undefined ? [] : [file].flat();
  return [
    ...(project === undefined ? [] : ['-p', project]),
    ...(directory === undefined || files.length > 0 ? [] : ['--project-directory', directory]),
    ...files.flatMap((path) => ['-f', within(directory, path)]),
    ...(env_file === undefined ? [] : ['--env-file', within(directory, env_file)]),
  ];
}

function within(directory: string | undefined, path: string): string {
  return directory === undefined || posix.isAbsolute(path) ? path : posix.join(directory, path);
}
