import { DockerError } from '../call.ts';
import type { ComposeCommand } from '../compose.ts';
import type { ComposeFile } from '../compose-file.ts';
import { servicesNamed, withDependencies } from '../compose-project.ts';
import { removeContainer, startContainer, stopContainer } from '../container.ts';
import type { Engine } from '../engine.ts';
import { flagOf, isSet } from '../flags.ts';
import type { Container } from '../model.ts';
import { EXEC_FLAGS, executeIn } from './exec.ts';
import { followLines, LOG_FLAGS, linesOf } from './log-lines.ts';

/** `-T`: without it, and with a terminal, the output would be a terminal's; a rehearsal has none, and it is the same. */
export const exec: ComposeCommand = {
  flags: [...EXEC_FLAGS, { long: 'no-TTY', short: 'T' }, { long: 'no-tty' }, { long: 'index', value: true }],
  interspersed: false,
  async run(engine, call, file) {
    const [name, ...command] = call.words.args;
    if (name === undefined || command.length === 0) {
      throw new DockerError(`requires at least 2 arg(s), only received ${call.words.args.length}`);
    }
    const service = file.services.find((one) => one.name === name);
    if (!service) throw new DockerError(`no such service: ${name}`);
    const container = own(engine, file).find((one) => one.service === name);
    if (container?.state !== 'running') throw new DockerError(`service ${JSON.stringify(name)} is not running`);
    return executeIn(engine, container, call, command);
  },
};

export const logs: ComposeCommand = {
  flags: [...LOG_FLAGS, { long: 'no-color' }, { long: 'no-log-prefix' }, { long: 'index', value: true }],
  async run(engine, call, file) {
    const services = servicesNamed(file, call.words.args).map(({ name }) => name);
    const shown = own(engine, file).filter(({ service }) => services.includes(service));
    const width = Math.max(0, ...shown.map(({ name }) => name.length));
    const print = ({ name }: Pick<Container, 'name'>, text: string): void =>
      call.out(isSet(call.words, 'no-log-prefix') ? `${text}\n` : `${name.padEnd(width)}  | ${text}\n`);
    for (const container of shown) {
      for (const { text } of linesOf(container, call.words)) print(container, text);
    }
    if (isSet(call.words, 'follow')) await followLines(shown, call.signal, print);
    return 0;
  },
};

export const restart: ComposeCommand = {
  flags: [{ long: 'timeout', short: 't', value: true }, { long: 'no-deps' }],
  async run(engine, call, file) {
    const chosen = containersOf(engine, file, call.words.args);
    for (const container of chosen.toReversed()) await stopContainer(engine, container);
    for (const container of chosen) {
      await startContainer(engine, container);
      call.err(` Container ${container.name}  Started\n`);
    }
    return 0;
  },
};

export const stop: ComposeCommand = {
  flags: [{ long: 'timeout', short: 't', value: true }],
  async run(engine, call, file) {
    for (const container of containersOf(engine, file, call.words.args).toReversed()) {
      await stopContainer(engine, container);
      call.err(` Container ${container.name}  Stopped\n`);
    }
    return 0;
  },
};

export const start: ComposeCommand = {
  flags: [{ long: 'wait' }, { long: 'wait-timeout', value: true }],
  async run(engine, call, file) {
    if (isSet(call.words, 'wait') || flagOf(call.words, 'wait-timeout')) {
      throw new DockerError('this rehearsal does not act out `docker compose start --wait`: use `up -d --wait`');
    }
    const chosen = containersOf(engine, file, call.words.args);
    for (const name of call.words.args) {
      if (!chosen.some(({ service }) => service === name))
        throw new DockerError(`service ${JSON.stringify(name)} has no container to start`);
    }
    for (const container of chosen) {
      await startContainer(engine, container);
      call.err(` Container ${container.name}  Started\n`);
    }
    return 0;
  },
};

/** Containers go, volumes stay: the database is the same when it comes back. */
export const down: ComposeCommand = {
  flags: [{ long: 'remove-orphans' }, { long: 'timeout', short: 't', value: true }, { long: 'volumes', short: 'v' }],
  async run(engine, call, file) {
    if (isSet(call.words, 'volumes')) throw new DockerError('this rehearsal does not act out `docker compose down -v`');
    for (const container of containersOf(engine, file, call.words.args).toReversed()) {
      await removeContainer(engine, container);
      call.err(` Container ${container.name}  Removed\n`);
    }
    return 0;
  },
};

function own(engine: Engine, file: ComposeFile): Container[] {
  return engine.containers.filter(({ project }) => project === file.project);
}

/** The containers of these services, dependencies first. */
function containersOf(engine: Engine, file: ComposeFile, names: readonly string[]): Container[] {
  const named = servicesNamed(file, names);
  const order = withDependencies(file, named).filter((service) => named.includes(service));
  return order.flatMap(({ name }) => own(engine, file).filter(({ service }) => service === name));
}
