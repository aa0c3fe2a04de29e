import { setTimeout as sleep } from 'node:timers/promises';
import { type Call, DockerError } from '../call.ts';
import type { ComposeCommand } from '../compose.ts';
import type { ComposeFile, Service } from '../compose-file.ts';
import { configHash, servicesNamed, withDependencies } from '../compose-project.ts';
import { removeContainer, startContainer } from '../container.ts';
import { buildImage, containerId, type Engine, pulledImage, roleOf } from '../engine.ts';
import { execute } from '../execute.ts';
import { flagOf, isSet } from '../flags.ts';
import type { Container, Image } from '../model.ts';

const EVERY_MS = 80;
/** `depends_on: service_healthy` waits until the service is healthy or unhealthy, and no time limit of its own. */
const DEPENDENCY_MS = 60_000;

export const build: ComposeCommand = {
  flags: [{ long: 'no-cache' }, { long: 'pull' }, { long: 'quiet', short: 'q' }, { long: 'build-arg', value: true }],
  async run(engine, call, file) {
    for (const service of servicesNamed(file, call.words.args))
      buildService(engine, call, service, isSet(call.words, 'quiet'));
    return 0;
  },
};

export const up: ComposeCommand = {
  flags: [
    { long: 'detach', short: 'd' },
    { long: 'build' },
    { long: 'no-build' },
    { long: 'force-recreate' },
    { long: 'no-recreate' },
    { long: 'no-deps' },
    { long: 'remove-orphans' },
    { long: 'quiet-pull' },
    { long: 'wait' },
    { long: 'wait-timeout', value: true },
    { long: 'timeout', short: 't', value: true },
  ],
  async run(engine, call, file) {
    const { words } = call;
    const named = servicesNamed(file, words.args);
    const wait = isSet(words, 'wait');
    if (!isSet(words, 'detach') && !wait)
      throw new DockerError('this rehearsal does not act out `docker compose up` in the foreground');
    checkNetworks(engine, file);
    const services = isSet(words, 'no-deps') ? named : withDependencies(file, named);
    const waited: { container: Container; service: Service }[] = [];
    for (const service of services) {
      if (isSet(words, 'build') && service.build) buildService(engine, call, service, true);
      const recreate = isSet(words, 'force-recreate') && named.includes(service);
      const container = await converge(engine, call, file, service, recreate, isSet(words, 'no-recreate'));
      for (const { service: name, condition } of service.dependsOn) {
        if (isSet(words, 'no-deps')) break;
        const needed = engine.containers.find((one) => one.project === file.project && one.service === name);
        if (needed && condition === 'service_healthy') await untilHealthy(needed, DEPENDENCY_MS, call.signal);
      }
      if (container.state !== 'running' && container.state !== 'restarting') {
        await startContainer(engine, container);
        call.err(` Container ${container.name}  Started\n`);
      } else call.err(` Container ${container.name}  Running\n`);
      waited.push({ container, service });
    }
    if (wait) {
      const seconds = flagOf(words, 'wait-timeout');
      const until = seconds === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(seconds) * 1000;
      for (const { container } of waited)
        await untilHealthy(container, until - performance.now(), call.signal, seconds);
      for (const { container } of waited) call.err(` Container ${container.name}  Healthy\n`);
    }
    engine.afterUp();
    return 0;
  },
};

/** A one-off container of a service's image, as it was built last. */
export const run: ComposeCommand = {
  flags: [
    { long: 'rm' },
    { long: 'no-deps' },
    { long: 'no-TTY', short: 'T' },
    { long: 'env', short: 'e', value: true },
    { long: 'build' },
    { long: 'quiet-pull' },
  ],
  interspersed: false,
  async run(engine, call, file) {
    const [name = '', ...command] = call.words.args;
    const service = servicesNamed(file, [name])[0];
    if (!service) throw new DockerError(`no such service: ${name}`);
    if (isSet(call.words, 'build') && service.build) buildService(engine, call, service, true);
    const oneOff: Container = {
      ...make(engine, file, service),
      name: `${file.project}-${name}-run-${containerId().slice(0, 12)}`,
      state: 'running',
    };
    engine.effects.add('one-off', { service: name, command: command.join(' ') });
    // It has a place on the networks while it runs, and no service of its own.
    engine.containers = [...engine.containers, { ...oneOff, service: '' }];
    try {
      return await execute(engine, oneOff, {
        command: command.length > 0 ? command : service.command,
        env: {},
        stdin: call.stdin,
        signal: call.signal,
        out: call.out,
        err: call.err,
      });
    } finally {
      engine.containers = engine.containers.filter(({ id }) => id !== oneOff.id);
    }
  },
};

function buildService(engine: Engine, call: Call, service: Service, quiet: boolean): void {
  if (!service.build) return;
  const { image, cached } = buildImage(engine, service.build.context, service.image);
  if (quiet) return;
  call.err(`#1 [${service.name} internal] load build definition from ${service.build.dockerfile}\n`);
  call.err(`#2 [${service.name}] COPY . .${cached ? '\n#2 CACHED' : ''}\n#3 writing image ${image.id} done\n`);
  call.err(` ${service.image}  Built\n`);
}

/** The container as the file wants it: the one that is there, or a new one in its place. */
async function converge(
  engine: Engine,
  call: Call,
  file: ComposeFile,
  service: Service,
  recreate: boolean,
  keep: boolean,
): Promise<Container> {
  const wanted = make(engine, file, service);
  const there = engine.containers.find((one) => one.project === file.project && one.service === service.name);
  const same = there && there.hash === wanted.hash && there.image.id === wanted.image.id;
  if (there && !recreate && (same || keep)) return there;
  if (there) {
    await removeContainer(engine, there);
    call.err(` Container ${there.name}  Recreated\n`);
  }
  engine.containers = [...engine.containers, wanted];
  if (!there) call.err(` Container ${wanted.name}  Created\n`);
  engine.effects.add('container-created', { service: service.name, image: wanted.image.id });
  return wanted;
}

function make(engine: Engine, file: ComposeFile, service: Service): Container {
  const role = roleOf(service);
  if (!role)
    throw new DockerError(
      `this rehearsal cannot run the service ${service.name}: its command is ${service.command.join(' ') || 'unknown'}`,
    );
  return {
    id: containerId(),
    name: service.containerName ?? `${file.project}-${service.name}-1`,
    project: file.project,
    service: service.name,
    role,
    image: imageOf(engine, service),
    ref: service.image,
    command: service.command.length > 0 ? service.command : ['/docker-entrypoint.sh', role],
    env: service.environment,
    networks: service.networks.map((name) => networkName(file, name)),
    restart: service.restart,
    cpus: service.cpus,
    memory: service.memory,
    ...(service.healthcheck ? { healthcheck: service.healthcheck } : {}),
    hash: configHash(service),
    state: 'created',
    healthLog: [],
    failingStreak: 0,
    exitCode: 0,
    restarts: 0,
    createdAt: new Date(),
    startedAt: undefined,
    finishedAt: undefined,
    stopping: false,
    logs: [],
  };
}

function imageOf(engine: Engine, service: Service): Image {
  if (!service.build) return pulledImage(engine, service.image);
  return (
    engine.images.find(({ ref }) => ref === service.image) ??
    buildImage(engine, service.build.context, service.image).image
  );
}

/** The file's own network is `PROJECT_default`; another one here is always external. */
function networkName(file: ComposeFile, name: string): string {
  return name === 'default' ? `${file.project}_default` : name;
}

function checkNetworks(engine: Engine, file: ComposeFile): void {
  engine.networks.add(`${file.project}_default`);
  const missing = file.services
    .flatMap(({ networks }) => networks.map((name) => networkName(file, name)))
    .find((name) => !engine.networks.has(name));
  if (missing) throw new DockerError(`network ${missing} declared as external, but could not be found`);
}

/** Running, or healthy where there is a check; texts of compose's convergence.go and start.go. */
async function untilHealthy(container: Container, ms: number, signal: AbortSignal, seconds?: string): Promise<void> {
  const until = performance.now() + ms;
  for (;;) {
    if (container.state === 'exited')
      throw new DockerError(`container ${container.name} exited (${container.exitCode})`);
    const state = container.healthcheck ? container.health : container.state === 'running' ? 'healthy' : 'starting';
    if (state === 'healthy') return;
    if (state === 'unhealthy') throw new DockerError(`container ${container.name} is unhealthy`);
    if (performance.now() > until)
      throw new DockerError(`application not healthy after ${seconds ?? Math.round(ms / 1000)}s`);
    if (signal.aborted) throw new DockerError('context canceled');
    await sleep(EVERY_MS);
  }
}
