import * as z from 'zod';
import type { TaskContext } from '../task.ts';
import { inspect, listContainers, listServices } from './commands.ts';
import { isOld, type Project } from './project.ts';
import { ask, linesOf, parseRows, type ReadOptions } from './reading.ts';

/** A container of a project, as the engine tells it. */
export interface Container {
  /** All 64 digits. */
  id: string;
  name: string;
  service: string;
  /** created, running, paused, restarting, removing, exited, dead. */
  state: string;
  /** `none` where the image and the file have no health check. */
  health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** What the last health check printed. */
  healthSaid: string;
  exit: number;
  oomKilled: boolean;
  startedAt: Date;
  /** How often the engine has started it again by itself. */
  restarts: number;
  /** As the compose file or compose itself names it. */
  image: string;
  imageId: string;
  /** Limits; 0 is none. */
  cpus: number;
  memoryBytes: number;
}

const text = z.string().catch('');
const number = z.number().catch(0);

/** A line of `docker inspect` in the format of commands.ts. */
export const inspected: z.ZodType<Container> = z
  .looseObject({
    id: z.string(),
    name: text,
    image: text,
    ref: text,
    labels: z.record(z.string(), z.string()).nullish(),
    state: z.looseObject({
      Status: z.string(),
      ExitCode: number,
      OOMKilled: z.boolean().catch(false),
      StartedAt: text,
      Health: z
        .looseObject({
          Status: z.enum(['none', 'starting', 'healthy', 'unhealthy']).catch('none'),
          Log: z.array(z.looseObject({ Output: text })).nullish(),
        })
        .nullish(),
    }),
    restarts: number,
    cpus: number,
    memory: number,
  })
  .transform(
    ({ id, name, image, ref, labels, state, restarts, cpus, memory }): Container => ({
      id,
      name: name.replace(/^\//, ''),
      service: labels?.['com.docker.compose.service'] ?? '',
      state: state.Status,
      health: state.Health?.Status ?? 'none',
      healthSaid: (state.Health?.Log?.at(-1)?.Output ?? '').trim().slice(0, 300),
      exit: state.ExitCode,
      oomKilled: state.OOMKilled,
      startedAt: new Date(state.StartedAt),
      restarts,
      image: ref,
      imageId: image,
      cpus: cpus / 1e9,
      memoryBytes: memory,
    }),
  );

const row = z.looseObject({ ID: z.string() });

/** Ids in what `ps -a` printed: JSON Lines, an array, or the plain ids of 1.29. Pure. */
export function containerIds(project: Project, stdout: string): string[] {
  if (isOld(project)) return linesOf(stdout);
  return parseRows(row, listContainers(project), stdout).map(({ ID }) => ID);
}

/** Every container of the project, those that have exited included; one-off ones (`compose run`) are not its services. */
export async function readContainers(
  context: TaskContext,
  project: Project,
  options: ReadOptions = {},
): Promise<Container[]> {
  const ids = containerIds(project, await ask(context, listContainers(project), options));
  if (ids.length === 0) return [];
  const command = inspect(ids);
  return parseRows(inspected, command, await ask(context, command, options));
}

/** The services that the file declares, in its order. */
export async function readServices(context: TaskContext, project: Project): Promise<string[]> {
  return linesOf(await ask(context, listServices(project)));
}
