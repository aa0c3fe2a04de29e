import type { Json } from '../../src/journal/records.ts';
import type { Container } from './containers.ts';

/** A container that was started again within this time of the look is in a restart loop. */
const LOOP_MS = 60_000;

export interface Expected {
  /** Every one must have a container that is well. */
  services: readonly string[];
  /** One-shot services, which are also well when they have ended with 0. */
  mayExit?: readonly string[];
  now?: Date;
}

/** What is wrong with the services of a project, one sentence each; empty when all are well. Pure. */
export function ailments(containers: readonly Container[], expected: Expected): string[] {
  const { services, mayExit = [], now = new Date() } = expected;
  return services.flatMap((service) => {
    const own = containers.filter((container) => container.service === service);
    if (own.length === 0) return [`${service} has no container`];
    return own.flatMap((container) => ailment(container, mayExit.includes(service), now) ?? []);
  });
}

function ailment(container: Container, mayExit: boolean, now: Date): string | undefined {
  const { service, state, health, exit, restarts } = container;
  const justStarted = now.getTime() - container.startedAt.getTime() < LOOP_MS;
  const looping =
    state === 'restarting' || (restarts > 0 && justStarted && state === 'running' && health !== 'healthy');
  if (looping) return `${service} restarts again and again (${times(restarts)}, last exit code ${exit})`;
  if (state === 'exited' && exit === 0 && mayExit) return undefined;
  if (state === 'exited')
    return `${service} exited (${exit})${container.oomKilled ? ', killed for want of memory' : ''}`;
  if (state !== 'running') return `${service} is ${state}`;
  if (health === 'unhealthy') {
    return `${service} is unhealthy${container.healthSaid ? ` (${firstLine(container.healthSaid)})` : ''}`;
  }
  return health === 'starting' ? `${service} is not healthy yet` : undefined;
}

/** Whether waiting can still change the answer: something is starting, and nothing is ill for good. Pure. */
export function isPending(containers: readonly Container[], expected: Expected): boolean {
  const ill = ailments(containers, expected);
  return ill.length > 0 && ill.every((what) => / is not healthy yet$| is created$/.test(what));
}

/** `6/6 services run · 5/5 healthy`, for a table of one line. Pure. */
export function inWords(containers: readonly Container[], services: readonly string[]): string {
  const own = containers.filter(({ service }) => services.includes(service));
  const running = services.filter((service) => own.some((one) => one.service === service && one.state === 'running'));
  const checked = own.filter(({ health }) => health !== 'none');
  const healthy = checked.filter(({ health, state }) => health === 'healthy' && state === 'running');
  return [
    `${running.length}/${services.length} services run`,
    ...(checked.length > 0 ? [`${healthy.length}/${checked.length} healthy`] : []),
  ].join(' · ');
}

/** Containers for the screen and the evidence. Pure. */
export function serviceRows(containers: readonly Container[], services: readonly string[]): { [key: string]: Json }[] {
  return services.flatMap((service): { [key: string]: Json }[] => {
    const own = containers.filter((container) => container.service === service);
    if (own.length === 0) return [{ service, container: null, state: 'missing' }];
    return own.map(({ name, state, health, exit, restarts, image }) => ({
      service,
      container: name,
      state,
      health,
      exit,
      restarts,
      image,
    }));
  });
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function firstLine(said: string): string {
  return said.split('\n', 1)[0]?.slice(0, 160) ?? '';
}
