/** Answers of flyctl as it prints them: Go structs without tags have Capitalised keys, machines have snake_case. */

export interface Told {
  id?: string;
  state?: string;
  version?: number;
  tag?: string;
  digest?: string;
  check?: string;
  autostop?: boolean | string;
}

export function machine({ id = '148e1', state = 'started', version = 5, tag = 'v5', digest, check, autostop }: Told) {
  return {
    id,
    name: 'crimson-sea-1',
    state,
    region: 'eze',
    image_ref: {
      registry: 'registry.fly.io',
      repository: 'booking',
      tag,
      digest: digest ?? '',
      labels: null,
    },
    config: {
      metadata: { fly_release_version: String(version), fly_process_group: 'app' },
      services: autostop === undefined ? [] : [{ protocol: 'tcp', internal_port: 8080, autostop }],
    },
    events: [],
    checks:
      check === undefined ? [] : [{ name: 'servicecheck-00-http-8080', status: check, output: 'ok', updated_at: '' }],
    host_status: 'ok',
  };
}

export function statusAnswer(version: number, machines: readonly Told[]) {
  return {
    AppURL: 'https://booking.fly.dev',
    Deployed: machines.length > 0,
    Hostname: 'booking.fly.dev',
    ID: 'booking',
    Machines: machines.map((told) => machine(told)),
    Name: 'booking',
    Organization: {
      ID: 'x',
      InternalNumericID: 1,
      Name: 'Personal',
      Slug: 'personal',
      RawSlug: 'ana-ruiz',
      PaidPlan: false,
    },
    PlatformVersion: 'machines',
    Status: 'deployed',
    Version: version,
  };
}

/** `[version, status, tag]`, newest first. */
export function releasesAnswer(...releases: readonly [number, string, string][]) {
  return releases.map(([version, status, tag]) => ({
    ID: `r${version}`,
    Version: version,
    Stable: false,
    InProgress: false,
    Reason: '',
    Description: 'Release',
    Status: status,
    DeploymentStrategy: '',
    Metadata: null,
    User: { ID: 'u1', Name: 'Ana', Email: 'ana@example.com', EnablePaidHobby: false },
    EvaluationID: '',
    CreatedAt: `2026-08-0${version}T10:00:00Z`,
    ImageRef: `registry.fly.io/booking:${tag}`,
  }));
}
