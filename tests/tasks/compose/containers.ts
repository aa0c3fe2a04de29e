import type { Container } from '../../../tasks/compose/containers.ts';

export const NOW = new Date('2026-11-22T06:30:00Z');

/** A container that has been running well for a day, but for what is said. */
export function container(service: string, other: Partial<Container> = {}): Container {
  return {
    id: `${service}-1`.padEnd(64, '0'),
    name: `salon_gbp_${service}`,
    service,
    state: 'running',
    health: 'healthy',
    healthSaid: '',
    exit: 0,
    oomKilled: false,
    startedAt: new Date('2026-11-21T06:30:00Z'),
    restarts: 0,
    image: 'salon_gbp_app:latest',
    imageId: 'sha256:aa',
    cpus: 0.5,
    memoryBytes: 512 * 1024 ** 2,
    ...other,
  };
}
