import type { Command, Exit } from '../../src/exec/command.ts';
import type { ProblemDetail } from '../../src/problem.ts';
import { asTyped } from '../as-typed.ts';
import { cutShort } from '../cut-short.ts';

/**
 * Texts of docker/cli 20.10 and 28, docker/compose v5 and docker-compose 1.29. A `docker` without the plugin takes `compose` for
 * no command at all, and complains of the first flag behind it.
 */
const NO_PLUGIN =
  /docker: unknown command: docker compose|'compose' is not a docker command|unknown (?:shorthand )?flag: [\s\S]*(?:See 'docker --help'|Usage: {2}docker \[OPTIONS\] COMMAND)/;
const NO_DAEMON =
  /Cannot connect to the Docker daemon|permission denied while trying to connect to the Docker|error during connect|Couldn't connect to Docker daemon|Error while fetching server API version/i;
const NO_SERVICE = /no such service: ?(\S+)/i;
const NOT_RUNNING =
  /service "([^"]+)" is not running|No container found for (\S+?)_\d+|container (\w+) is not running/i;
const BAD_FILE =
  /no configuration file provided|Can't find a suitable configuration file|no such file or directory|\.FileNotFoundError|is invalid because|required variable .* is missing|Missing mandatory value|yaml: |couldn't find env file|undefined service|validating .*\.ya?ml|additional propert/i;

/** Docker's own last line, without its `Error response from daemon:`; undefined when it said nothing. */
export function lastWord({ stderr, stdout }: Pick<Exit, 'stderr' | 'stdout'>): string | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  return lines
    .findLast((line) => line !== '')
    ?.replace(/^(?:ERROR|Error)(?: response from daemon)?: ?/i, '')
    .slice(0, 500);
}

/** Why a command of Docker, compose or git failed, and what to do. Pure. @param signal the step's, for the reason of a stop */
export function refusal(command: Command, exit: Exit, signal: AbortSignal): ProblemDetail {
  const ran = asTyped(command);
  const cut = cutShort(exit, signal);
  if (cut) return { code: 'compose-interrupted', what: `"${ran}" ${cut} before it answered.`, next: [ran] };
  const text = `${exit.stderr}\n${exit.stdout}`;
  if (NO_PLUGIN.test(text)) return noCompose('The program docker is there, without its compose plugin.');
  if (NO_DAEMON.test(text)) {
    return {
      code: 'compose-daemon',
      what: 'The Docker daemon does not answer, or this user may not speak to it.',
      means: 'No container could be asked. Nothing was changed.',
      next: ['systemctl status docker', 'docker version', 'id -nG   # the group docker?'],
    };
  }
  const missing = NO_SERVICE.exec(text);
  if (missing) {
    return {
      code: 'compose-no-service',
      what: `The compose file has no service "${missing[1]}".`,
      means: 'Nothing was changed.',
      next: ['correct the name in the runbook', 'docker compose config --services'],
    };
  }
  const stopped = NOT_RUNNING.exec(text);
  if (stopped) {
    const service = stopped[1] ?? stopped[2] ?? stopped[3]?.slice(0, 12);
    return {
      code: 'compose-not-running',
      what: `No container of the service "${service}" runs.`,
      means: 'The command was not started.',
      next: ['docker compose ps -a', `docker compose logs --tail 50 ${service}`],
    };
  }
  if (BAD_FILE.test(text)) {
    return {
      code: 'compose-file',
      what: `The compose project cannot be read: ${lastWord(exit)}`,
      means: 'Nothing was changed.',
      next: ['docker compose config -q   # in the checkout, with the same -f and --env-file', 'ls -l'],
    };
  }
  return {
    code: 'compose-failed',
    what: `"${ran}" failed: ${lastWord(exit) ?? `exit code ${exit.code}, and no word why`}`,
    next: [ran],
  };
}

/** That the program, or its plugin, is not there. @param why what was seen */
export function noCompose(why: string): ProblemDetail {
  return {
    code: 'compose-missing',
    what: 'Docker Compose cannot be started.',
    means: why,
    next: [
      'install the plugin docker-compose-plugin: https://docs.docker.com/compose/install/linux/',
      'or say "cli: docker-compose" where the machine has the older program',
    ],
  };
}
