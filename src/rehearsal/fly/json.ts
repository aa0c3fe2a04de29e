/**
 * What flyctl prints with `--json`. Go structs without tags give capitalised keys, machines give snake_case; both occur
 * in one document. Pure.
 */
import { type Fleet, ORGANIZATION, OWNER, secretStatus } from './fleet.ts';
import type { App, LogLine, Machine, Release } from './model.ts';

/** flyctl indents with four spaces and ends with a line feed. */
export function render(value: unknown): string {
  return `${JSON.stringify(value, null, 4)}\n`;
}

export const organization = {
  ID: 'rehearsal-org',
  InternalNumericID: '1',
  Name: 'Personal',
  Slug: ORGANIZATION,
  RawSlug: ORGANIZATION,
  PaidPlan: false,
};

/** The release whose machines run; `Version` of the status. */
export function currentRelease(app: App): Release | undefined {
  return app.releases.at(-1);
}

export function appStatus(app: App): 'pending' | 'deployed' | 'suspended' {
  if (app.machines.length === 0) return 'pending';
  return app.machines.some((machine) => machine.state === 'started') ? 'deployed' : 'suspended';
}

export function statusJson(app: App): unknown {
  return {
    AppURL: `https://${app.name}.fly.dev/`,
    Deployed: app.machines.length > 0,
    Hostname: `${app.name}.fly.dev`,
    ID: app.id,
    Machines: app.machines.map(machineJson),
    Name: app.name,
    Organization: organization,
    PlatformVersion: 'machines',
    Status: appStatus(app),
    Version: currentRelease(app)?.version ?? 0,
  };
}

export function machineJson(machine: Machine): unknown {
  return {
    id: machine.id,
    name: machine.name,
    state: machine.state,
    region: machine.region,
    image_ref: {
      registry: 'registry.fly.io',
      repository: machine.image.repository,
      tag: machine.image.tag,
      digest: machine.image.digest,
      labels: {},
    },
    instance_id: machine.instance,
    version: machine.instance,
    private_ip: '::1',
    created_at: machine.createdAt.toISOString(),
    updated_at: machine.updatedAt.toISOString(),
    config: {
      env: machine.config.env,
      guest: { cpu_kind: 'shared', cpus: 1, memory_mb: 256 },
      image: machine.image.ref,
      metadata: {
        fly_flyctl_version: '0.4.87',
        fly_platform_version: 'v2',
        fly_process_group: 'app',
        fly_release_id: machine.releaseId,
        fly_release_version: String(machine.releaseVersion),
      },
      restart: { policy: 'on-failure', max_retries: 10 },
      services: [
        {
          protocol: 'tcp',
          internal_port: machine.config.internalPort,
          autostop: machine.config.autoStop === 'off' ? false : machine.config.autoStop,
          autostart: machine.config.autoStart,
          min_machines_running: machine.config.minMachines,
        },
      ],
    },
    events: machine.events.map(({ type, status, source, timestamp, exitCode }) => ({
      type,
      status,
      ...(exitCode === undefined ? {} : { request: { exit_event: { exit_code: exitCode } } }),
      source,
      timestamp,
    })),
    checks: machine.checks.map(checkJson),
    host_status: 'ok',
  };
}

export function checkJson(check: Machine['checks'][number]): unknown {
  return { name: check.name, status: check.status, output: check.output, updated_at: check.updatedAt.toISOString() };
}

/** Newest first, at most 25; what the query does not ask for has Go's zero value. */
export function releasesJson(app: App): unknown {
  return app.releases
    .toReversed()
    .slice(0, 25)
    .map((release) => ({
      ID: release.id,
      Version: release.version,
      Stable: release.status === 'complete',
      InProgress: false,
      Reason: '',
      Description: release.description,
      Status: release.status,
      DeploymentStrategy: '',
      Metadata: null,
      User: { ID: '', Name: 'Operator', Email: OWNER, EnablePaidHobby: false },
      EvaluationID: '',
      CreatedAt: release.createdAt.toISOString(),
      ImageRef: release.imageRef,
    }));
}

export function secretsJson(app: App): unknown {
  return [...app.secrets]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, { digest }]) => ({
      name,
      digest,
      status: secretStatus(app, name),
    }));
}

export function appsJson(apps: readonly App[]): unknown {
  return apps.map((app) => {
    const release = currentRelease(app);
    return {
      ID: app.id,
      InternalNumericID: 0,
      Name: app.name,
      State: '',
      Status: appStatus(app),
      Deployed: app.machines.length > 0,
      Hostname: `${app.name}.fly.dev`,
      AppURL: '',
      Version: 0,
      NetworkID: 0,
      Network: 'default',
      Release: null,
      Organization: { ...organization, ID: '', InternalNumericID: '', RawSlug: '' },
      Secrets: null,
      CurrentRelease: release
        ? { ID: '', Version: 0, Status: release.status, CreatedAt: release.createdAt.toISOString() }
        : null,
      Releases: { Nodes: null },
      PlatformVersion: 'machines',
    };
  });
}

export function imagesJson(app: App): readonly unknown[] {
  return app.machines.map((machine) => ({
    MachineID: machine.id,
    Registry: 'registry.fly.io',
    Repository: machine.image.repository,
    Tag: machine.image.tag,
    Version: 'N/A',
    Digest: machine.image.digest,
    Labels: '{}',
  }));
}

export function logJson(line: LogLine): unknown {
  return {
    level: line.level,
    instance: line.machine,
    message: line.message,
    region: line.region,
    timestamp: line.at.toISOString(),
    meta: {
      Instance: line.machine,
      Region: line.region,
      Event: { Provider: line.provider },
      HTTP: {},
      Error: { Code: 0, Message: '' },
      URL: { Full: '' },
    },
  };
}

/** Apps by name, as every list of them is sorted. */
export function appsOf(fleet: Fleet, kind?: App['kind']): readonly App[] {
  return [...fleet.apps.values()]
    .filter((app) => kind === undefined || app.kind === kind)
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
