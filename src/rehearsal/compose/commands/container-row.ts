import type { Container } from '../model.ts';
import { duration, goTime, shortId } from '../text.ts';

/** `Up 2 minutes (healthy)`, `Exited (1) 3 seconds ago`. Pure. */
export function statusOf({ state, health, exitCode, startedAt, finishedAt, createdAt }: Container): string {
  const since = startedAt ?? createdAt;
  switch (state) {
    case 'running':
      return `Up ${duration(since)}${health ? ` (${health === 'starting' ? 'health: starting' : health})` : ''}`;
    case 'restarting':
      return `Restarting (${exitCode}) ${duration(finishedAt ?? since)} ago`;
    case 'exited':
      return `Exited (${exitCode}) ${duration(finishedAt ?? since)} ago`;
    case 'created':
      return 'Created';
  }
}

/** The keys of `docker ps --format json` and, with `Service` and the others of compose, of `docker compose ps`. Pure. */
export function containerRow(container: Container, full: boolean): Record<string, string | number | unknown[]> {
  const { id, name, project, service, ref, command, createdAt, state, exitCode, networks } = container;
  const health = state === 'running' ? (container.health ?? '') : '';
  return {
    Command: JSON.stringify(command.join(' ')),
    CreatedAt: goTime(createdAt),
    ExitCode: exitCode,
    Health: health,
    ID: full ? id : shortId(id),
    Image: ref,
    Labels: Object.entries(labelsOf(container))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    LocalVolumes: '0',
    Mounts: '',
    Name: name,
    Names: name,
    Networks: networks.join(','),
    Ports: '',
    Project: project,
    Publishers: [],
    RunningFor: `${duration(createdAt)} ago`,
    Service: service,
    Size: '0B',
    State: state,
    Status: statusOf(container),
  };
}

export function labelsOf({ project, service, hash }: Container): Record<string, string> {
  return {
    'com.docker.compose.config-hash': hash,
    'com.docker.compose.container-number': '1',
    'com.docker.compose.oneoff': 'False',
    'com.docker.compose.project': project,
    'com.docker.compose.service': service,
  };
}
