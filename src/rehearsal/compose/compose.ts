/** `docker compose` and `docker-compose`: words, project, command. */
import type { ProgramCall } from '../stand-in.ts';
import { type Call, DockerError } from './call.ts';
import * as containers from './commands/compose-containers.ts';
import * as project from './commands/compose-project.ts';
import { ps } from './commands/compose-ps.ts';
import { build, run, up } from './commands/compose-up.ts';
import type { ComposeFile } from './compose-file.ts';
import { PROJECT_FLAGS, projectOf } from './compose-project.ts';
import type { Engine } from './engine.ts';
import { type FlagSpec, readFlags } from './flags.ts';

/** One of compose's commands. */
export interface ComposeCommand {
  flags: readonly FlagSpec[];
  /** Whether flags may stand after the first argument: not where a command follows. */
  interspersed?: boolean;
  run(engine: Engine, call: Call, file: ComposeFile): Promise<number>;
}

const COMMANDS: Readonly<Record<string, ComposeCommand>> = {
  build,
  config: project.config,
  down: containers.down,
  exec: containers.exec,
  images: project.images,
  logs: containers.logs,
  ps,
  restart: containers.restart,
  run,
  start: containers.start,
  stats: project.stats,
  stop: containers.stop,
  up,
};

/** Every other command of compose v5: refused by name, and not as unknown. */
const OTHERS =
  'attach bridge commit convert cp create events export kill ls pause port publish pull push rm scale top unpause version volumes wait watch'.split(
    ' ',
  );

/** v5 of the plugin, whose `ps --format json` has one object a line; 1.29 has neither that nor `--wait`. */
export const VERSION = '5.5.0';
export const OLD_VERSION = '1.29.2';

/** Carries out the words after `docker compose`, or after `docker-compose`. */
export async function compose(
  engine: Engine,
  words: readonly string[],
  call: ProgramCall,
  old: boolean,
): Promise<number> {
  const head = readFlags(words, PROJECT_FLAGS, false);
  const [name, ...rest] = head.args;
  if (name === undefined || name === 'help') {
    call.out('Usage:  docker compose [OPTIONS] COMMAND\n\nDefine and run multi-container applications with Docker\n');
    return 0;
  }
  if (name === 'version') return version(call, rest, old);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    if (OTHERS.includes(name)) throw new DockerError(`this rehearsal does not act out \`docker compose ${name}\``);
    call.out('Usage:  docker compose [OPTIONS] COMMAND\n\nDefine and run multi-container applications with Docker\n');
    throw new DockerError(old ? `No such command: ${name}` : `unknown docker command: "compose ${name}"`);
  }
  const flags = old ? command.flags.filter(({ long }) => !NEW_FLAGS.includes(`${name} ${long}`)) : command.flags;
  const own = readFlags(rest, flags, command.interspersed ?? true);
  const file = projectOf(head, call.cwd, call.env);
  for (const variable of file.unset) {
    call.err(
      `time="${new Date().toISOString().slice(0, 19)}Z" level=warning msg="The \\"${variable}\\" variable is not set. Defaulting to a blank string."\n`,
    );
  }
  try {
    return await command.run(engine, { ...call, words: own }, file);
  } catch (error) {
    // 1.29 ends with 1 and says nothing when the service does not run.
    if (old && name === 'exec' && error instanceof DockerError) return error.exit;
    throw error;
  }
}

/** What 1.29 does not have. */
const NEW_FLAGS = ['up wait', 'up wait-timeout', 'ps format', 'ps status', 'config format'];

function version(call: ProgramCall, rest: readonly string[], old: boolean): number {
  const words = readFlags(rest, [{ long: 'short' }, { long: 'format', short: 'f', value: true }]);
  const found = old ? OLD_VERSION : VERSION;
  const format = words.flags['format']?.at(-1);
  if (words.flags['short']) call.out(`${found}\n`);
  else if (format === 'json') call.out(`${JSON.stringify({ version: `v${found}` })}\n`);
  else call.out(old ? `docker-compose version ${found}, build unknown\n` : `Docker Compose version v${found}\n`);
  return 0;
}
