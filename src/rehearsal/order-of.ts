import { randomBytes } from 'node:crypto';
import type { SiteRequest } from '../engine/site.ts';
import { Problem } from '../problem.ts';
import { appHosts } from './addresses.ts';
import { appsOf, textIn } from './apps.ts';
import { DRILLS, drillsFor, isDrill } from './drills.ts';
import type { Order } from './order.ts';
import { PROGRAMS } from './programs.ts';

/** Secrets without which the sample service does not start, as far as the runbook declares them. */
const SERVICE_SECRETS = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'ICS_SALT'];

/** Reads from a run what its platform must be like. Throws `rehearsal-unknown-drill`, `rehearsal-drill-elsewhere`. */
export function orderOf({ runbook, values, fresh, flow, drill, port }: SiteRequest): Omit<Order, 'world'> {
  if (drill !== undefined && !isDrill(drill)) {
    throw new Problem({
      code: 'rehearsal-unknown-drill',
      what: `There is no drill ${drill}.`,
      means: 'Nothing was started.',
      next: [`choose one of ${DRILLS.map(({ name }) => name).join(', ')}`],
    });
  }
  const offered = drillsFor(runbook.steps.map((step) => step.uses));
  if (drill !== undefined && !offered.includes(drill)) {
    throw new Problem({
      code: 'rehearsal-drill-elsewhere',
      what: `${runbook.title} has nothing that the drill ${drill} could break.`,
      means: 'Nothing was started.',
      next: [`choose one of ${offered.join(', ')}`],
    });
  }
  const hosts = appHosts(values);
  const app = values['app'] ?? hosts[0]?.replace(/\.fly\.dev$/, '') ?? 'rehearsal';
  const own = `${app}.fly.dev`;
  const specs = Object.values(runbook.secrets);
  const attached = runbook.steps.find(({ uses }) => uses === 'fly/postgres');
  const uses = runbook.steps.map((step) => step.uses);
  const migrate = runbook.steps.find((step) => step.uses === 'postgres/migrate');
  const migrations = textIn(migrate?.input, 'directory', values);
  const bodies = runbook.steps.map((step) => step.body);
  return {
    fly:
      hosts.length > 0 ||
      uses.some((task) => task.startsWith('fly/')) ||
      runbook.steps.some(({ on }) => on.kind === 'fly') ||
      bodies.some((body) => /\bfly(ctl)?\s/.test(body)),
    uses,
    bodies,
    values,
    app,
    apps: appsOf(runbook.steps, values),
    settings: settingsOf(runbook.steps, values),
    ...(migrations === undefined ? {} : { migrations }),
    postgres: textIn(attached?.input, 'name', values) ?? `${app}-db`,
    hosts: hosts.length === 0 ? [] : [own, ...hosts.filter((host) => host !== own)],
    port: port ?? 0,
    existing: !fresh,
    ...(drill ? { drill } : {}),
    broken: flow === 'incident',
    requires: SERVICE_SECRETS.filter((name) => name === 'DATABASE_URL' || specs.some((spec) => spec.name === name)),
    secrets: specs.map(({ name, format }) => ({ name, ...(format ? { format } : {}) })),
    configs: configsOf(runbook.steps),
    service: PROGRAMS.booking,
    token: `rehearsal-${randomBytes(16).toString('hex')}`,
  };
}

/** Files of `NAME=value` that the steps look into, as a project that is in order has them. */
function settingsOf(
  steps: SiteRequest['runbook']['steps'],
  values: Readonly<Record<string, string>>,
): Order['settings'] {
  const files = new Map<string, Map<string, string>>();
  for (const { uses, input } of steps) {
    if (uses !== 'files/dotenv') continue;
    const path = textIn(input, 'path', values) ?? '.env';
    const { present = [], equal = {} } = input as { present?: string[]; equal?: Record<string, string> };
    const names = files.get(path) ?? new Map<string, string>();
    for (const name of [...present, ...Object.keys(equal)]) {
      names.set(name, textIn(equal, name, values) ?? names.get(name) ?? 'rehearsal');
    }
    files.set(path, names);
  }
  return [...files].map(([path, names]) => ({ path, lines: Array.from(names, ([name, value]) => `${name}=${value}`) }));
}

/** Configuration files by another name than `fly.toml` that the steps deploy with. */
function configsOf(steps: SiteRequest['runbook']['steps']): string[] {
  const named = steps.flatMap(({ body }) => [...body.matchAll(/(?:config:|-c|--config)[ =]+['"]?([\w.-]+\.toml)/g)]);
  return [...new Set(named.flatMap((match) => match[1] ?? []))].filter((name) => name !== 'fly.toml');
}
