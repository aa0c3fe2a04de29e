/** A container that runs, as the others on its networks can reach it. */
export interface Host {
  /** Its service and its own name: both resolve. */
  names: readonly string[];
  networks: readonly string[];
  /** Port inside → port of 127.0.0.1 here. */
  ports: Readonly<Record<string, number>>;
}

/** Where a name and a port lead: a port of this machine, a name that nobody has, or nobody who listens. */
export type Route = { port: number } | 'unknown-host' | 'refused';

/** What Docker's DNS and the kernel would say to `self`. Pure. Only running containers on a shared network have a name. */
export function route(hosts: readonly Host[], self: string, host: string, port: number): Route {
  const own = hosts.find(({ names }) => names.includes(self));
  const local = host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
  const target = local
    ? own
    : hosts.find(({ names, networks }) => names.includes(host) && networks.some((one) => own?.networks.includes(one)));
  if (!target) return local ? 'refused' : 'unknown-host';
  const here = target.ports[String(port)];
  return here === undefined ? 'refused' : { port: here };
}
