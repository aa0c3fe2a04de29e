import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import { asTyped } from '../as-typed.ts';
import { amount } from '../input.ts';
import type { Task } from '../task.ts';
import { inspect, listContainers, listServices, stats } from './commands.ts';
import { type Container, readContainers, readServices } from './containers.ts';
import { projectInput, serviceName } from './project.ts';
import { ask, parseRows } from './reading.ts';
import { bytesOf, SIZE, sizeInWords } from './size.ts';

const limit = z.strictObject({ cpus: amount, memory: z.string().regex(SIZE, 'a size such as 512M') });

const input = z.strictObject({
  ...projectInput,
  limits: z.record(serviceName, limit),
  memory_percent: amount.default(90),
});

type Limits = z.infer<typeof input>['limits'];

/** A line of `docker stats`: all of them texts. */
const statsRow = z.looseObject({ ID: z.string(), CPUPerc: z.string(), MemUsage: z.string(), MemPerc: z.string() });

export type StatsRow = z.infer<typeof statsRow>;

/** What a service may use, and what it uses. */
export interface LimitRow {
  service: string;
  container: string | null;
  cpus: number;
  memory: number;
  wantedCpus: number | null;
  wantedMemory: number | null;
  cpuPercent: number | null;
  memoryUsed: number | null;
  memoryPercent: number | null;
}

/** The containers' real limits are those of the runbook's table, and nobody is about to run out of memory. */
export const composeLimits: Task<z.infer<typeof input>> = {
  name: 'compose/limits',
  input,
  effect: 'read',
  describe: (given) =>
    [listServices(given), listContainers(given), inspect(['CONTAINER…']), stats(['CONTAINER…'])].map(asTyped),
  async run({ limits, memory_percent, ...project }, context) {
    const services = await readServices(context, project);
    const containers = await readContainers(context, project);
    const running = containers.filter(({ state }) => state === 'running').map(({ id }) => id);
    // Without ids `docker stats` looks at every container of the machine.
    const command = stats(running);
    const used = running.length === 0 ? [] : parseRows(statsRow, command, await ask(context, command));
    const rows = compare(services, limits, containers, used);
    for (const row of rows) context.say(inLine(row));
    const evidence = { limits: rows.map((row): { [key: string]: Json } => ({ ...row })) };
    const wrong = differences(rows);
    if (wrong.length > 0) {
      return {
        outcome: 'failed',
        summary: `${wrong.length} limit${wrong.length === 1 ? '' : 's'} differ`,
        evidence,
        problem: {
          code: 'compose-limits-differ',
          what: `The containers do not have the limits of the table: ${wrong.join('; ')}.`,
          means: 'A changed file is in effect only once the container is made anew.',
          next: ['correct the compose file or the table', 'make the containers anew: compose/recreate'],
        },
      };
    }
    const high = rows.filter((row) => row.memoryPercent !== null && row.memoryPercent >= memory_percent);
    if (high.length > 0) {
      return {
        outcome: 'failed',
        summary: `near the memory limit: ${high.map(({ service }) => service).join(', ')}`,
        evidence,
        problem: {
          code: 'compose-memory-high',
          what: `${high.map((row) => `${row.service} uses ${row.memoryPercent}% of its ${sizeInWords(row.memory)}`).join('; ')}.`,
          means: 'At 100% the kernel ends a process of the container, and the engine starts it again.',
          next: ['docker stats --no-stream', 'restart the service, or raise its limit in the compose file'],
        },
      };
    }
    return { outcome: 'passed', summary: `${rows.length} services within their limits`, evidence };
  },
};

/** A row for each service of the file or of the table. Pure. */
export function compare(
  services: readonly string[],
  limits: Limits,
  containers: readonly Container[],
  used: readonly StatsRow[],
): LimitRow[] {
  const all = [...new Set([...services, ...Object.keys(limits)])];
  return all.map((service) => {
    const container = containers.find((one) => one.service === service);
    const wanted = limits[service];
    const usage = container && used.find(({ ID }) => container.id.startsWith(ID));
    return {
      service,
      container: container?.name ?? null,
      cpus: container?.cpus ?? 0,
      memory: container?.memoryBytes ?? 0,
      wantedCpus: wanted?.cpus ?? null,
      wantedMemory: wanted ? (bytesOf(wanted.memory) ?? null) : null,
      cpuPercent: usage ? percent(usage.CPUPerc) : null,
      memoryUsed: usage ? (bytesOf(usage.MemUsage.split('/', 1)[0] ?? '') ?? null) : null,
      memoryPercent: usage ? percent(usage.MemPerc) : null,
    };
  });
}

/** Where what a container has is not what the table says. Pure. */
export function differences(rows: readonly LimitRow[]): string[] {
  return rows.flatMap(({ service, container, cpus, memory, wantedCpus, wantedMemory }) => {
    if (wantedCpus === null || wantedMemory === null) return [`${service} is not in the table`];
    if (container === null) return [`${service} has no container`];
    return [
      ...(cpus === wantedCpus ? [] : [`${service} has ${cpus || 'no limit of'} CPUs, not ${wantedCpus}`]),
      ...(memory === wantedMemory
        ? []
        : [`${service} has ${sizeInWords(memory)} of memory, not ${sizeInWords(wantedMemory)}`]),
    ];
  });
}

function percent(text: string): number {
  return Number.parseFloat(text) || 0;
}

function inLine({ service, cpus, memory, cpuPercent, memoryPercent }: LimitRow): string {
  const use = cpuPercent === null ? 'not running' : `uses ${cpuPercent}% of a CPU, ${memoryPercent}% of its memory`;
  return `${service.padEnd(12)} ${String(cpus || 'none').padStart(5)} CPUs ${sizeInWords(memory).padStart(6)}   ${use}`;
}
