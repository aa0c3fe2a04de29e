import { expect, test } from 'vitest';
import { validate } from '../../../tasks/compose/commands.ts';
import { refusal } from '../../../tasks/compose/refusal.ts';
import { ENDED } from '../context.ts';

const signal = new AbortController().signal;
const command = validate({ cli: 'docker compose' });

/** Texts of docker/cli 28, docker/compose v5 and docker-compose 1.29. */
test.each([
  ['compose-missing', "docker: unknown command: docker compose\n\nRun 'docker --help' for more information"],
  ['compose-missing', "docker: 'compose' is not a docker command.\nSee 'docker --help'"],
  ['compose-missing', "unknown shorthand flag: 'f' in -f\nSee 'docker --help'."],
  [
    'compose-daemon',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ],
  [
    'compose-daemon',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock',
  ],
  ['compose-daemon', "ERROR: Couldn't connect to Docker daemon at http+docker://localhost - is it running?"],
  ['compose-no-service', 'no such service: nginx'],
  ['compose-no-service', 'ERROR: No such service: nginx'],
  ['compose-not-running', 'service "api" is not running'],
  ['compose-not-running', 'ERROR: No container found for api_1'],
  ['compose-file', 'no configuration file provided: not found'],
  ['compose-file', 'open /opt/salon-gbp/prod.yml: no such file or directory'],
  [
    'compose-file',
    'error while interpolating services.db: required variable POSTGRES_PASSWORD is missing a value: set it in .env',
  ],
  ['compose-file', "couldn't find env file: /opt/salon-gbp/.env"],
  ['compose-file', "ERROR: \n        Can't find a suitable configuration file in this directory or any parent."],
  ['compose-failed', 'something else'],
])('%s: %s', (code, stderr) => {
  expect(refusal(command, { ...ENDED, code: 1, stderr }, signal).code).toBe(code);
});

test('a step that was cut short says so, whatever was printed', () => {
  expect(refusal(command, { ...ENDED, code: null, signal: 'SIGTERM', timedOut: true }, signal)).toMatchObject({
    code: 'compose-interrupted',
    what: '"docker compose config -q" timed out before it answered.',
  });
});
