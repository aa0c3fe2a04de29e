/** Environment variable in which the platform tells a machine where private names lead on this computer. */
export const HOSTS_VARIABLE = 'TEJUN_REHEARSAL_HOSTS';

/**
 * Replaces a private host (`db.flycast:5432`, `top2.nearest.of.db.internal:5432`) by the loopback address that the
 * platform gave for it: `HOSTS_VARIABLE` is a JSON object from `NAME:PORT` to `127.0.0.1:PORT`, where NAME is the
 * private name's app, or the whole name of a container (`db`). Other hosts are left alone. Stands in for the private network's DNS.
 */
export function resolvePrivateHost(url: URL, hosts: Readonly<Record<string, string>>, defaultPort: string): URL {
  const name = /(?<app>[^.]+)\.(?:flycast|internal)$/.exec(url.hostname)?.groups?.['app'] ?? url.hostname;
  const address = hosts[`${name}:${url.port || defaultPort}`];
  if (!address) return url;
  const resolved = new URL(url);
  resolved.host = address;
  return resolved;
}

/** Reads `HOSTS_VARIABLE`; no entry when it is absent. */
export function readHosts(text: string | undefined): Readonly<Record<string, string>> {
  if (!text) return {};
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(Object.entries(parsed).map(([name, address]) => [name, String(address)]));
}
