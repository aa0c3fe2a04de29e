import { type Call, DockerError } from '../call.ts';
import { noticeDatabase, startContainer, stopContainer } from '../container.ts';
import type { DockerCommand } from '../docker.ts';
import { type Engine, findContainer } from '../engine.ts';
import { flagOf, isSet } from '../flags.ts';
import type { Container } from '../model.ts';
import { renderTemplate } from '../template.ts';
import { columns, duration, shortId } from '../text.ts';
import { containerRow, labelsOf, statusOf } from './container-row.ts';
import { asTable, printStats } from './docker-stats.ts';
import { EXEC_FLAGS, executeIn } from './exec.ts';
import { LOG_FLAGS, linesOf } from './log-lines.ts';

export const ps: DockerCommand = {
  flags: [
    { long: 'all', short: 'a' },
    { long: 'quiet', short: 'q' },
    { long: 'no-trunc' },
    { long: 'format', value: true },
    { long: 'filter', short: 'f', value: true },
  ],
  async run(engine, { words, out }) {
    noticeDatabase(engine);
    const filters = words.flags['filter'] ?? [];
    const shown = engine.containers.filter(
      (one) =>
        (isSet(words, 'all') || one.state === 'running' || one.state === 'restarting') &&
        filters.every((filter) => passes(one, filter)),
    );
    const full = isSet(words, 'no-trunc');
    const format = flagOf(words, 'format');
    if (isSet(words, 'quiet')) for (const { id } of shown) out(`${full ? id : shortId(id)}\n`);
    else if (format === 'json') for (const one of shown) out(`${JSON.stringify(containerRow(one, full))}\n`);
    else if (format?.startsWith('table '))
      out(
        asTable(
          format.slice('table '.length),
          shown.map((one) => containerRow(one, full)),
        ),
      );
    else if (format) for (const one of shown) out(`${renderTemplate(format, containerRow(one, full))}\n`);
    else {
      out(
        columns(
          ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
          shown.map((one) => [
            shortId(one.id),
            one.ref,
            JSON.stringify(one.command.join(' ').slice(0, 20)),
            `${duration(one.createdAt)} ago`,
            statusOf(one),
            '',
            one.name,
          ]),
        ),
      );
    }
    return 0;
  },
};

function passes(container: Container, filter: string): boolean {
  const [key, value = ''] = filter.split('=');
  if (key === 'name') return container.name.includes(value);
  if (key === 'status') return container.state === value;
  if (key === 'health') return (container.health ?? 'none') === value;
  throw new DockerError(`this rehearsal does not act out the filter "${filter}"`);
}

/** A JSON array of everything, or a template over each. */
export const inspect: DockerCommand = {
  flags: [
    { long: 'format', short: 'f', value: true },
    { long: 'type', value: true },
    { long: 'size', short: 's' },
  ],
  async run(engine, { words, out }) {
    if (words.args.length === 0) throw new DockerError('"docker inspect" requires at least 1 argument.');
    noticeDatabase(engine);
    const found = words.args.map((name) => {
      const container = findContainer(engine, name);
      if (!container) throw new DockerError(`No such ${flagOf(words, 'type') ?? 'object'}: ${name}`);
      return inspected(container);
    });
    const format = flagOf(words, 'format');
    if (format === undefined) out(`${JSON.stringify(found, null, 4)}\n`);
    else for (const one of found) out(`${format === 'json' ? JSON.stringify(one) : renderTemplate(format, one)}\n`);
    return 0;
  },
};

const NEVER = '0001-01-01T00:00:00Z';

function inspected(container: Container): object {
  const { id, name, ref, image, state, restarts, cpus, memory, healthcheck, restart, networks } = container;
  return {
    Id: id,
    Created: container.createdAt.toISOString(),
    Path: container.command[0] ?? '',
    Args: container.command.slice(1),
    State: {
      Status: state,
      Running: state === 'running' || state === 'restarting',
      Restarting: state === 'restarting',
      OOMKilled: false,
      Pid: container.process?.pid ?? 0,
      ExitCode: container.exitCode,
      Error: '',
      StartedAt: container.startedAt?.toISOString() ?? NEVER,
      FinishedAt: container.finishedAt?.toISOString() ?? NEVER,
      ...(healthcheck
        ? {
            Health: {
              Status: container.health ?? 'none',
              FailingStreak: container.failingStreak,
              Log: container.healthLog.map(({ at, exit, output }) => ({
                Start: at.toISOString(),
                End: at.toISOString(),
                ExitCode: exit,
                Output: output,
              })),
            },
          }
        : {}),
    },
    Image: image.id,
    Name: `/${name}`,
    RestartCount: restarts,
    HostConfig: {
      NanoCpus: Math.round(cpus * 1e9),
      Memory: memory,
      RestartPolicy: { Name: restart, MaximumRetryCount: 0 },
    },
    Config: {
      Image: ref,
      Env: Object.entries(container.env).map(([key, value]) => `${key}=${value}`),
      Cmd: container.command,
      Labels: labelsOf(container),
      ...(healthcheck ? { Healthcheck: { Test: healthcheck.test } } : {}),
    },
    NetworkSettings: { Networks: Object.fromEntries(networks.map((network) => [network, { Aliases: [name] }])) },
  };
}

export const stats: DockerCommand = {
  flags: [{ long: 'all', short: 'a' }, { long: 'no-stream' }, { long: 'no-trunc' }, { long: 'format', value: true }],
  async run(engine, call) {
    const named = call.words.args.map((name) => demand(engine, name, 'No such container'));
    return printStats(call, named.length > 0 ? named : engine.containers.filter(({ state }) => state === 'running'));
  },
};

/** Standard input only with `-i`. A container that does not run: exit 1. */
export const exec: DockerCommand = {
  flags: [...EXEC_FLAGS, { long: 'tty', short: 't' }],
  interspersed: false,
  async run(engine, call) {
    const [name = '', ...command] = call.words.args;
    if (command.length === 0) throw new DockerError('"docker exec" requires at least 2 arguments.');
    if (isSet(call.words, 'tty')) throw new DockerError('the input device is not a TTY');
    const container = demand(engine, name, 'Error response from daemon: No such container');
    if (container.state !== 'running') {
      throw new DockerError(`Error response from daemon: container ${container.id} is not running`);
    }
    return executeIn(engine, container, call, command, isSet(call.words, 'interactive'));
  },
};

export const logs: DockerCommand = {
  flags: [...LOG_FLAGS, { long: 'details' }],
  async run(engine, call) {
    const container = demand(engine, call.words.args[0] ?? '', 'Error response from daemon: No such container');
    if (isSet(call.words, 'follow'))
      throw new DockerError('this rehearsal does not act out `logs -f`: it would never end');
    for (const { text, stream } of linesOf(container, call.words))
      (stream === 'stdout' ? call.out : call.err)(`${text}\n`);
    return 0;
  },
};

export const restart = eachContainer(async (engine, container) => {
  await stopContainer(engine, container);
  await startContainer(engine, container);
});

export const stop = eachContainer(stopContainer);

export const start = eachContainer(startContainer);

function eachContainer(act: (engine: Engine, container: Container) => Promise<void>): DockerCommand {
  return {
    flags: [{ long: 'time', short: 't', value: true }],
    async run(engine, { words, out }: Call) {
      for (const name of words.args) {
        await act(engine, demand(engine, name, 'Error response from daemon: No such container'));
        out(`${name}\n`);
      }
      return 0;
    },
  };
}

function demand(engine: Engine, name: string, otherwise: string): Container {
  const container = findContainer(engine, name);
  if (container) return container;
  throw new DockerError(`${otherwise}: ${name}`);
}
