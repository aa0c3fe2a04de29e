import * as z from 'zod';
import type { Json } from '../../src/journal/records.ts';
import { type Image, parseImage } from './image.ts';

/** One machine of an app, as `status --json` tells it. */
export interface Machine {
  id: string;
  /** started, stopped, suspended, created, destroying, failed, … */
  state: string;
  region: string;
  /** Number of the release that it runs; undefined when Fly does not say. */
  version?: number;
  image?: Image;
  checks: readonly { name: string; status: string; output?: string }[];
  /** Its services let it stop when idle, so that a stopped one is no fault. */
  autoStop: boolean;
}

export interface AppStatus {
  name: string;
  /** Slugs of its organization: a personal one has two. */
  orgs: readonly string[];
  /** The app was deployed at least once. */
  deployed: boolean;
  /** Number of the current release. */
  version: number;
  machines: readonly Machine[];
}

const text = z.string().nullish();

const machine = z
  .looseObject({
    id: z.string(),
    state: z.string().catch('unknown'),
    region: z.string().catch('?'),
    image_ref: z.looseObject({ registry: text, repository: text, tag: text, digest: text }).nullish().catch(null),
    config: z
      .looseObject({
        metadata: z.looseObject({ fly_release_version: z.coerce.number().int().optional().catch(undefined) }).nullish(),
        services: z.array(z.looseObject({ autostop: z.unknown() })).nullish(),
      })
      .nullish()
      .catch(null),
    checks: z
      .array(z.looseObject({ name: z.string().catch('check'), status: z.string().catch('unknown'), output: text }))
      .nullish()
      .catch(null),
  })
  .transform((from): Machine => {
    const release = from.config?.metadata?.fly_release_version;
    const image = from.image_ref ? imageOf(from.image_ref) : undefined;
    return {
      id: from.id,
      state: from.state,
      region: from.region,
      ...(release === undefined ? {} : { version: release }),
      ...(image ? { image } : {}),
      checks: (from.checks ?? []).map(({ name, status, output }) => ({ name, status, ...(output ? { output } : {}) })),
      autoStop: (from.config?.services ?? []).some(({ autostop }) => autostop === true || STOPS.has(String(autostop))),
    };
  });

/** `flyctl machine list --json`, its keys in snake_case. */
export const machineList: z.ZodType<Machine[]> = z.array(machine);

const STOPS = new Set(['stop', 'suspend']);

/** `flyctl status --json`, its keys in snake_case. */
export const appStatus: z.ZodType<AppStatus> = z
  .looseObject({
    name: z.string(),
    deployed: z.boolean().catch(false),
    version: z.number().int().catch(0),
    organization: z.looseObject({ slug: text, raw_slug: text }).nullish(),
    machines: z.array(machine).nullish(),
  })
  .transform((from): AppStatus => {
    return {
      name: from.name,
      orgs: [from.organization?.slug, from.organization?.raw_slug].flatMap((slug) => slug ?? []),
      deployed: from.deployed,
      version: from.version,
      machines: from.machines ?? [],
    };
  });

function imageOf(ref: {
  registry?: string | null | undefined;
  repository?: string | null | undefined;
  tag?: string | null | undefined;
  digest?: string | null | undefined;
}): Image | undefined {
  if (!ref.repository) return undefined;
  const name = ref.registry ? `${ref.registry}/${ref.repository}` : ref.repository;
  return parseImage(`${name}${ref.tag ? `:${ref.tag}` : ''}${ref.digest ? `@${ref.digest}` : ''}`);
}

/** What is wrong with an app's machines, one sentence each; empty when it is healthy. Pure. */
export function ailments(status: AppStatus, options: { allowStopped?: boolean } = {}): string[] {
  if (status.machines.length === 0) return ['no machine exists'];
  return status.machines.flatMap((one) => {
    const asleep = ['stopped', 'suspended'].includes(one.state);
    const allowed = one.state === 'started' || (asleep && (one.autoStop || options.allowStopped === true));
    return [
      ...(allowed ? [] : [`machine ${one.id} (${one.region}) is ${one.state}`]),
      // A machine that sleeps is not checked: its last checks say nothing about now.
      ...(asleep
        ? []
        : one.checks
            .filter((check) => check.status !== 'passing')
            .map((check) => `check ${check.name} of machine ${one.id} is ${check.status}`)),
      ...(one.version === undefined || one.version === status.version
        ? []
        : [`machine ${one.id} runs release ${one.version}, while release ${status.version} is the current one`]),
    ];
  });
}

/** Every machine started (or asleep where it may be), every check passing, every release the current one. */
export function isHealthy(status: AppStatus, options: { allowStopped?: boolean } = {}): boolean {
  return ailments(status, options).length === 0;
}

/** The newest release that any machine runs; undefined when none runs or Fly does not say. */
export function runningVersion(status: AppStatus): number | undefined {
  const versions = status.machines.flatMap(({ version }) => version ?? []);
  return versions.length === 0 ? undefined : Math.max(...versions);
}

/** Machines for the screen and the evidence: `{id, state, region, version, checks: {name: status}}`. */
export function machineRows(status: Pick<AppStatus, 'machines'>): { [key: string]: Json }[] {
  return status.machines.map(({ id, state, region, version, checks }) => ({
    id,
    state,
    region,
    version: version ?? null,
    checks: checks.map((check) => ({ name: check.name, status: check.status })),
  }));
}

/** `2 machines: 1 started, 1 suspended`, or `no machines`. */
export function statesInWords(machines: readonly Machine[]): string {
  if (machines.length === 0) return 'no machines';
  const states = [...new Set(machines.map(({ state }) => state))].sort();
  const counts = states.map((state) => `${machines.filter((one) => one.state === state).length} ${state}`);
  return `${machines.length} machine${machines.length === 1 ? '' : 's'}: ${counts.join(', ')}`;
}

/** `2 of 2 started, checks passing, release 6`, for a table of one line. */
export function inWords(status: AppStatus): string {
  const { machines } = status;
  if (machines.length === 0) return 'no machines';
  const started = machines.filter(({ state }) => state === 'started').length;
  const checks = machines.flatMap((one) => one.checks);
  const passing = checks.filter((check) => check.status === 'passing').length;
  const versions = [...new Set(machines.flatMap(({ version }) => version ?? []))].sort((a, b) => a - b);
  return [
    `${started}/${machines.length} machines started`,
    ...(checks.length > 0 ? [`${passing}/${checks.length} checks passing`] : []),
    ...(versions.length > 0 ? [`release ${versions.join(' and ')}`] : []),
  ].join(' · ');
}
