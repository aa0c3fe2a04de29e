import { readFileSync } from 'node:fs';
import { type Call, DockerError } from '../call.ts';
import { flagOf, isSet } from '../flags.ts';
import type { Container } from '../model.ts';
import { binarySize } from '../sizes.ts';
import { renderTemplate } from '../template.ts';
import { columns, shortId } from '../text.ts';

/** What PostgreSQL and Redis use is not a container's process here; a figure in its stead. */
const SERVER_BYTES = 34 * 1024 ** 2;

/** One look. A process's memory is its own; its share of a processor is not measured. */
export function printStats({ words, out }: Call, containers: readonly Container[]): number {
  if (!isSet(words, 'no-stream')) throw new DockerError('this rehearsal does not act out `stats` without --no-stream');
  const rows = containers.map((container) => statsRow(container, isSet(words, 'no-trunc')));
  const format = flagOf(words, 'format');
  if (format === 'json') for (const row of rows) out(`${JSON.stringify(row)}\n`);
  else if (format?.startsWith('table ')) out(asTable(format.slice('table '.length), rows));
  else if (format !== undefined) for (const row of rows) out(`${renderTemplate(format, row)}\n`);
  else {
    const header = ['CONTAINER ID', 'NAME', 'CPU %', 'MEM USAGE / LIMIT', 'MEM %', 'PIDS'];
    out(
      columns(
        header,
        rows.map((row) => [row.ID, row.Name, row.CPUPerc, row.MemUsage, row.MemPerc, row.PIDs]),
      ),
    );
  }
  return 0;
}

interface StatsRow {
  BlockIO: string;
  CPUPerc: string;
  Container: string;
  ID: string;
  MemPerc: string;
  MemUsage: string;
  Name: string;
  NetIO: string;
  PIDs: string;
}

function statsRow(container: Container, full: boolean): StatsRow {
  const running = container.state === 'running';
  const used = running ? memoryOf(container) : 0;
  const limit = container.memory || 8 * 1024 ** 3;
  const id = full ? container.id : shortId(container.id);
  return {
    BlockIO: '0B / 0B',
    CPUPerc: running ? '0.15%' : '0.00%',
    Container: id,
    ID: id,
    MemPerc: `${((used / limit) * 100).toFixed(2)}%`,
    MemUsage: `${binarySize(used)} / ${binarySize(running ? limit : 0)}`,
    Name: container.name,
    NetIO: '0B / 0B',
    PIDs: running ? '1' : '0',
  };
}

/** Resident bytes of the container's process, from proc(5); a figure where there is no such file. */
function memoryOf({ process: child }: Container): number {
  if (!child?.pid) return SERVER_BYTES;
  try {
    return Number(readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return SERVER_BYTES;
  }
}

const TITLES: Readonly<Record<string, string>> = {
  Name: 'NAME',
  CPUPerc: 'CPU %',
  MemUsage: 'MEM USAGE / LIMIT',
  MemPerc: 'MEM %',
  ID: 'CONTAINER ID',
  Container: 'CONTAINER',
  PIDs: 'PIDS',
  NetIO: 'NET I/O',
  BlockIO: 'BLOCK I/O',
};

/** `table {{.Name}}\t{{.CPUPerc}}`: a header of the fields' titles, then the rows. */
export function asTable(template: string, rows: readonly object[]): string {
  const cells = template.split(/\\t|\t/);
  const header = cells.map((cell) => {
    const field = /\{\{\s*\.(\w+)\s*\}\}/.exec(cell)?.[1] ?? '';
    return TITLES[field] ?? field.toUpperCase();
  });
  return columns(
    header,
    rows.map((row) => cells.map((cell) => renderTemplate(cell, row))),
  );
}
