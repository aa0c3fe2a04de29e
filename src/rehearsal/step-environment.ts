/** What the steps of a rehearsal find: their environment, and the programs that stand first on `PATH`. */
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hostEnvironment } from '../exec/environment.ts';
import { compileCache } from './compile-cache.ts';
import { SOCKET_VARIABLE } from './control.ts';
import { PROGRAMS } from './programs.ts';

/** Environment variable of the engine with the path of a program that every stand-in is started through. */
export const THROUGH_VARIABLE = 'TEJUN_REHEARSAL_THROUGH';

/** Programs that would reach real platforms: where the runbook's platforms do not act them out, they refuse. */
const REFUSED = ['docker', 'docker-compose', 'gh', 'render', 'neon', 'neonctl'];
/** Of the host's environment, what would lead a step to a real login, or its requests away from this machine. */
const WITHHELD = /^(FLY_|DOCKER_|COMPOSE_|GH_|GITHUB_|RENDER_|NEON_|XDG_|SSH_AUTH_SOCK$)|_PROXY$/i;

/** The host's environment without its logins, with the stand-ins and a token that is good for this platform only; none where the login is over. */
export function stepEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  world: string,
  control: string,
  token: string | undefined,
): Record<string, string> {
  const host = Object.entries(hostEnvironment(env)).filter(([name]) => !WITHHELD.test(name));
  const path = [join(world, 'bin'), env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter);
  return {
    ...Object.fromEntries(host),
    PATH: path,
    HOME: join(world, 'home'),
    ...(token === undefined ? {} : { FLY_API_TOKEN: token }),
    FLY_NO_UPDATE_CHECK: '1',
    [SOCKET_VARIABLE]: control,
  };
}

/**
 * Small shell scripts, because the programs run with this very Node, and know by which name they were called. The
 * compile cache halves the time of a call, of which a walk has dozens.
 *
 * @param through a program that gets each call (its name, then the call's own command line) and starts it: tests have
 *   stand-ins that misbehave by it
 */
export function writePrograms(world: string, programs: readonly string[], through?: string): void {
  const cache = Object.entries(compileCache(world)).map(([name, directory]) => `${name}=${quote(directory)}`);
  // `--`: Node looks for its own --env-file among all arguments, also behind the script's name, and `docker compose` has one too.
  const via = (name: string) => (through ? `${quote(through)} ${name} ` : '');
  const node = (name: string) => `${cache.join(' ')} exec ${via(name)}${quote(process.execPath)} --`;
  const scripts = [
    ...['fly', 'flyctl'].map((name) => [name, `${node(name)} ${quote(PROGRAMS.flyctl)} --as ${name} "$@"`] as const),
    ...programs.map((name) => [name, `${node(name)} ${quote(PROGRAMS.program)} ${name} "$@"`] as const),
    ...REFUSED.filter((name) => !programs.includes(name)).map(
      (name) => [name, `echo "Error: this rehearsal does not act out ${name}" >&2\nexit 1`] as const,
    ),
  ];
  for (const [name, body] of scripts) writeFileSync(join(world, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
