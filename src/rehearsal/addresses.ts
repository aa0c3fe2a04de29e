import { EXIT, Problem } from '../problem.ts';

const WEB = /^https?:\/\/(?<host>[^/?#]+)(?<rest>.*)$/i;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?$/;

/** Hosts of Fly apps (`NAME.fly.dev`) among the values that are web addresses. */
export function appHosts(values: Readonly<Record<string, string>>): readonly string[] {
  const hosts = Object.values(values).map((value) => WEB.exec(value)?.groups?.['host']?.toLowerCase());
  return [...new Set(hosts.filter((host) => host?.endsWith('.fly.dev')))].filter((host) => host !== undefined);
}

/**
 * Points every value that is a web address at this machine: `origins` has a loopback origin for each host, paths and
 * queries stay. Throws for an address that has no stand-in, so that no rehearsal reaches the network.
 */
export function atThisMachine(
  values: Readonly<Record<string, string>>,
  origins: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, local(name, value, origins)]));
}

function local(name: string, value: string, origins: Readonly<Record<string, string>>): string {
  const { host, rest = '' } = WEB.exec(value)?.groups ?? {};
  if (host === undefined || LOOPBACK.test(host)) return value;
  const origin = origins[host.toLowerCase()];
  if (origin !== undefined) return `${origin}${rest}`;
  throw new Problem(
    {
      code: 'rehearsal-no-stand-in',
      what: `The rehearsal has no stand-in for ${host} (the value ${name}).`,
      means: 'Nothing was sent there: a rehearsal reaches nothing beyond this machine.',
      next: [`give ${name} an address of the app, such as https://APP.fly.dev, for the rehearsal`],
    },
    EXIT.rehearsal,
  );
}
