import { createHash, randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../database.ts';
import type { Effects } from '../effects.ts';
import type { Service } from './compose-file.ts';
import type { Container, Image, Role } from './model.ts';
import type { Host } from './network.ts';
import type { Switch } from './switch.ts';

/** What Docker has on this machine: everything that is running, and what it was made from. */
export interface Engine {
  /** Directory of images and containers. */
  directory: string;
  containers: Container[];
  images: Image[];
  /** Names of networks, with who is on them by `Container.networks`. */
  networks: Set<string>;
  /** Port of this machine by `ROLE:PORT`: the same for as long as the rehearsal lasts. */
  ports: Readonly<Record<string, number>>;
  database: Database;
  /** Between the services and the rehearsal's Redis: closed while the container does not run. */
  redis: Switch;
  effects: Effects;
  /** Password of the role that the database's image made, at its first start. */
  ownerPassword: string;
  record(pid: number, what: string): void;
  /** Called after each `up` that succeeded; a drill breaks something here. */
  afterUp(): void;
  leaving: AbortSignal;
}

const BUILT: Readonly<Record<string, Role>> = { uvicorn: 'api', nginx: 'web' };

/** What an image of this name with this command is; undefined for what this rehearsal cannot run. */
export function roleOf({ image, command }: Pick<Service, 'image' | 'command'>): Role | undefined {
  if (/^postgres(:|$)/.test(image)) return 'db';
  if (/^redis(:|$)/.test(image)) return 'redis';
  if (command[0] === 'celery')
    return command.includes('beat') ? 'beat' : command.includes('worker') ? 'worker' : undefined;
  return BUILT[command[0] ?? 'nginx'];
}

/** Ports that a role listens on, inside. */
export const LISTENS: Readonly<Record<Role, readonly number[]>> = {
  ...{ api: [8000], web: [8000], gateway: [80, 443], db: [5432], redis: [6379] },
  ...{ worker: [], beat: [] },
};

/** Those that can be reached now, for the programs inside of containers. */
export function hostsOf(engine: Engine): Host[] {
  return engine.containers
    .filter((container) => container.state === 'running' && (container.role !== 'db' || engine.database.running()))
    .map(({ name, service, networks, role }) => ({
      names: [name, service],
      networks,
      ports: Object.fromEntries(LISTENS[role].map((port) => [String(port), engine.ports[`${role}:${port}`] ?? 0])),
    }));
}

/** Writes `hostsOf` where the programs of the containers' shells read it. */
export function publishHosts(engine: Engine): void {
  writeFileSync(hostsFile(engine), JSON.stringify(hostsOf(engine)), { mode: 0o600 });
}

export function hostsFile({ directory }: Engine): string {
  return join(directory, 'hosts.json');
}

/** The container's own files: its volumes. */
export function rootOf({ directory }: Engine, { role }: Pick<Container, 'role'>): string {
  return join(directory, 'roots', role);
}

/**
 * Builds an image of a directory: a copy, named by the digest of its files. The name moves to it; an image that loses its name
 * stays, as `<none>`, until it is pruned.
 */
export function buildImage(engine: Engine, context: string, ref: string): { image: Image; cached: boolean } {
  const files = readdirSync(context, { recursive: true, encoding: 'utf8' })
    .filter((file) => !LEFT_OUT.test(file) && statSync(join(context, file)).isFile())
    .toSorted();
  const hash = createHash('sha256').update(`${ref}\0`);
  let bytes = 0;
  for (const file of files) {
    const content = readFileSync(join(context, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
    bytes += content.length;
  }
  const id = `sha256:${hash.digest('hex')}`;
  const known = engine.images.find((image) => image.id === id);
  for (const image of engine.images) if (image.ref === ref && image !== known) image.ref = undefined;
  if (known) {
    known.ref = ref;
    return { image: known, cached: true };
  }
  const directory = join(engine.directory, 'images', id.slice(7, 31));
  mkdirSync(directory, { recursive: true });
  for (const file of files) cpSync(join(context, file), join(directory, file), { recursive: true });
  const image: Image = { id, ref, directory, bytes, createdAt: new Date() };
  engine.images.push(image);
  engine.effects.add('image-built', { image: ref, id });
  return { image, cached: false };
}

/** What is no part of an image: a `.dockerignore` that everybody has. */
const LEFT_OUT = /^(\.git|\.env|backups?|.*\.dump|node_modules)(\/|$|\.)/;

/** An image that is only pulled: it is there from the beginning, because nothing can be pulled here. */
export function pulledImage(engine: Engine, ref: string): Image {
  const found = engine.images.find((image) => image.ref === ref);
  if (found) return found;
  const directory = join(engine.directory, 'images', ref.replaceAll(/[^a-z0-9.-]/g, '_'));
  mkdirSync(directory, { recursive: true });
  const id = `sha256:${createHash('sha256').update(ref).digest('hex')}`;
  // Built by others, long ago.
  const image: Image = { id, ref, directory, bytes: 41_000_000, createdAt: new Date(Date.now() - 40 * 86_400_000) };
  engine.images.push(image);
  return image;
}

/** 64 hexadecimal digits, as containers' ids have. */
export function containerId(): string {
  return randomBytes(32).toString('hex');
}

/** The container of a name or of the beginning of an id. */
export function findContainer(engine: Engine, name: string): Container | undefined {
  return (
    engine.containers.find((container) => container.name === name) ??
    engine.containers.find(({ id }) => name.length >= 3 && id.startsWith(name))
  );
}
