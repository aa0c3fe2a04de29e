/** `docker` and `docker-compose`, as their words are read by the real ones: what this does not act out is refused by name. */
import type { ProgramCall } from '../stand-in.ts';
import { type Call, DockerError } from './call.ts';
import * as containers from './commands/docker-containers.ts';
import * as images from './commands/docker-images.ts';
import * as network from './commands/docker-network.ts';
import { compose } from './compose.ts';
import type { Engine } from './engine.ts';
import { FlagError, type FlagSpec, flagOf, readFlags } from './flags.ts';
import { renderTemplate, TemplateError } from './template.ts';

export interface DockerCommand {
  flags: readonly FlagSpec[];
  interspersed?: boolean;
  run(engine: Engine, call: Call): Promise<number>;
}

const ENGINE_VERSION = '28.2.2';

const version: DockerCommand = {
  flags: [{ long: 'format', short: 'f', value: true }],
  async run(_, { words, out }) {
    const data = {
      Client: { Version: ENGINE_VERSION, ApiVersion: '1.50' },
      Server: { Version: ENGINE_VERSION, ApiVersion: '1.50' },
    };
    const format = flagOf(words, 'format');
    if (format === undefined)
      out(
        `Client:\n Version:           ${ENGINE_VERSION}\n\nServer:\n Engine:\n  Version:          ${ENGINE_VERSION}\n`,
      );
    else out(`${format === 'json' ? JSON.stringify(data) : renderTemplate(format, data)}\n`);
    return 0;
  },
};

const info: DockerCommand = {
  flags: [{ long: 'format', short: 'f', value: true }],
  async run(engine, { words, out }) {
    const running = engine.containers.filter(({ state }) => state === 'running').length;
    const data = {
      ServerVersion: ENGINE_VERSION,
      Containers: engine.containers.length,
      ContainersRunning: running,
      Images: engine.images.length,
      Driver: 'overlay2',
    };
    const format = flagOf(words, 'format');
    if (format !== undefined) out(`${format === 'json' ? JSON.stringify(data) : renderTemplate(format, data)}\n`);
    else
      out(
        `Server:\n Containers: ${data.Containers}\n  Running: ${running}\n Images: ${data.Images}\n Server Version: ${ENGINE_VERSION}\n Storage Driver: overlay2\n`,
      );
    return 0;
  },
};

const COMMANDS: Readonly<Record<string, DockerCommand>> = {
  exec: containers.exec,
  images: images.list,
  info,
  inspect: containers.inspect,
  logs: containers.logs,
  ps: containers.ps,
  restart: containers.restart,
  start: containers.start,
  stats: containers.stats,
  stop: containers.stop,
  version,
  'container inspect': containers.inspect,
  'container ls': containers.ps,
  'image ls': images.list,
  'image prune': images.prune,
  'network inspect': network.inspect,
  'network ls': network.list,
  'system df': images.diskUsage,
  'system info': info,
};

const GROUPS = new Set([
  'container',
  'image',
  'network',
  'system',
  'volume',
  'builder',
  'buildx',
  'context',
  'manifest',
  'plugin',
]);

/** Other commands of docker/cli. */
const OTHERS = new Set(
  'attach build commit cp create diff events export history import kill load login logout pause port pull push rename rm rmi run save search tag top unpause update wait swarm node service stack secret config'.split(
    ' ',
  ),
);

/** Carries out one call and gives its exit code. */
export async function docker(engine: Engine, call: ProgramCall): Promise<number> {
  const old = call.program === 'docker-compose';
  const [first, second, ...rest] = call.args;
  const isCompose = old || first === 'compose';
  try {
    if (isCompose) return await compose(engine, old ? call.args : call.args.slice(1), call, old);
    if (first === '--version' || first === '-v') {
      call.out(`Docker version ${ENGINE_VERSION}, build e6534b4\n`);
      return 0;
    }
    const group = first !== undefined && GROUPS.has(first);
    const name = group ? `${first} ${second ?? ''}`.trim() : (first ?? '');
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) return unknown(call, first, name, group);
    const words = readFlags(group ? rest : call.args.slice(1), command.flags, command.interspersed ?? true);
    return await command.run(engine, { ...call, words });
  } catch (error) {
    if (error instanceof FlagError) {
      // docker/cli exits 125, compose's plugin with its own code for a command line that it cannot read.
      call.err(
        isCompose
          ? `${error.message}\n`
          : `${error.message}\n\nUsage:  docker ${first} [OPTIONS]\n\nRun 'docker ${first} --help' for more information\n`,
      );
      return old ? 1 : isCompose ? 16 : 125;
    }
    if (error instanceof TemplateError) {
      call.err(`${error.message}\n`);
      return 64;
    }
    if (!(error instanceof DockerError)) throw error;
    call.err(`${error.message}\n`);
    return error.exit;
  }
}

function unknown(call: ProgramCall, first: string | undefined, name: string, group: boolean): number {
  if (first === undefined) {
    call.out('Usage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n');
    return 0;
  }
  if (group || OTHERS.has(first)) {
    call.err(`this rehearsal does not act out \`docker ${name}\`\n`);
    return 1;
  }
  call.err(`docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information\n`);
  return 1;
}
