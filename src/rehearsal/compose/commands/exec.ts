import { type Call, DockerError } from '../call.ts';
import type { Engine } from '../engine.ts';
import { execute } from '../execute.ts';
import { type FlagSpec, flagOf, isSet } from '../flags.ts';
import type { Container } from '../model.ts';

/** Flags that `docker exec` and `docker compose exec` share. */
export const EXEC_FLAGS: readonly FlagSpec[] = [
  { long: 'detach', short: 'd' },
  { long: 'env', short: 'e', value: true },
  { long: 'interactive', short: 'i' },
  { long: 'privileged' },
  { long: 'user', short: 'u', value: true },
  { long: 'workdir', short: 'w', value: true },
];

/** Runs a command in a container that runs; its exit code is the command's. `-e NAME` takes the caller's own value. */
export async function executeIn(
  engine: Engine,
  container: Container,
  call: Call,
  command: readonly string[],
  stdin = true,
): Promise<number> {
  if (isSet(call.words, 'detach')) throw new DockerError('this rehearsal does not act out `exec -d`');
  if (flagOf(call.words, 'workdir') !== undefined) throw new DockerError('this rehearsal does not act out `exec -w`');
  const env = Object.fromEntries(
    (call.words.flags['env'] ?? []).flatMap((given) => {
      const [name = '', ...value] = given.split('=');
      const inherited = call.env[name];
      return value.length > 0 ? [[name, value.join('=')]] : inherited === undefined ? [] : [[name, inherited]];
    }),
  );
  engine.effects.add('exec', { service: container.service, program: command[0] ?? '' });
  return execute(engine, container, {
    command,
    env,
    ...(stdin ? { stdin: call.stdin } : {}),
    signal: call.signal,
    out: call.out,
    err: call.err,
  });
}
