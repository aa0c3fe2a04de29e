import { createHmac, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Database } from '../database.ts';
import type { Effects } from '../effects.ts';
import { FlyError } from './call.ts';
import type { App, LogLine, Machine } from './model.ts';

/** Everything that one rehearsal's platform runs and remembers. */
export interface Fleet {
  apps: Map<string, App>;
  database: Database;
  effects: Effects;
  /** Directory of the images. */
  images: string;
  token: string;
  /** Key of the digests of secrets. */
  key: Buffer;
  /** Where private addresses (`APP:PORT`) lead on this machine. */
  private: Map<string, string>;
  /** Emits `log` with an app's name whenever that app has a new line. */
  events: EventEmitter;
  /** Tells the world's record of a process that must not outlive the platform. */
  record(pid: number, what: string): void;
  /** Keeps the login where flyctl looks for it when its environment has none. */
  saveLogin(): Promise<void>;
  /** Called after each deploy that succeeded; a drill breaks something here. */
  afterDeploy(app: App): Promise<void>;
}

export const ORGANIZATION = 'personal';
export const OWNER = 'operator@example.com';

/** As many lines as the platform's log buffer gives at once. */
const LOG_LINES = 100;

export function createFleet(
  parts: Pick<Fleet, 'database' | 'effects' | 'images' | 'token' | 'record' | 'saveLogin' | 'afterDeploy'>,
): Fleet {
  return {
    ...parts,
    apps: new Map(),
    private: new Map(),
    key: randomBytes(32),
    events: new EventEmitter().setMaxListeners(0),
  };
}

/** Registers an app; the name space is one for everybody, as the real one. */
export function createApp(fleet: Fleet, name: string, org: string, kind: App['kind']): App {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    throw new FlyError('Validation failed: Name may only contain numbers, lowercase letters and dashes');
  }
  if (fleet.apps.has(name)) throw new FlyError('Validation failed: Name has already been taken');
  if (org !== ORGANIZATION) throw new FlyError(`Could not find Organization "${org}"`);
  const app: App = {
    id: name,
    name,
    org,
    kind,
    createdAt: new Date(),
    secrets: new Map(),
    releases: [],
    machines: [],
    images: [],
    logs: [],
  };
  fleet.apps.set(name, app);
  fleet.effects.add('app-created', { app: name });
  return app;
}

/** The app of this name, or the error of the commands that ask the GraphQL API. */
export function findApp(fleet: Fleet, name: string): App {
  const app = fleet.apps.get(name);
  if (app) return app;
  throw new FlyError(
    `failed to get app: failed to run query ($appName: String!) { appcompact:app(name: $appName) { id name hostname deployed status appUrl platformVersion organization { id slug paidPlan } postgresAppRole: role { name } } }: Could not find App "${name}"`,
  );
}

/** The app of this name, or the error of the commands that ask the Machines API for `what`. */
export function findAppOnMachinesApi(fleet: Fleet, name: string, what: string): App {
  const app = fleet.apps.get(name);
  if (app) return app;
  throw new FlyError(`failed to list ${what}: app not found`);
}

/** Stores a secret; machines see it when they start next. */
export function storeSecret(fleet: Fleet, app: App, name: string, value: string): void {
  app.secrets.set(name, {
    value,
    digest: createHmac('sha256', fleet.key).update(`${name}\0${value}`).digest('hex').slice(0, 16),
  });
  fleet.effects.add('secret-stored', { app: app.name, name });
}

/** Where a secret is in effect, by the machines that were started with it. */
export function secretStatus(app: App, name: string): 'Deployed' | 'Staged' | 'Partial' {
  const digest = app.secrets.get(name)?.digest;
  const having = app.machines.filter((machine) => machine.secrets.get(name) === digest).length;
  if (having === 0) return 'Staged';
  return having === app.machines.length ? 'Deployed' : 'Partial';
}

export function machineOf(app: App, id: string): Machine {
  const machine = app.machines.find((candidate) => candidate.id === id);
  if (machine) return machine;
  throw new FlyError(`failed to get VM ${id}: machine not found`);
}

export function log(
  fleet: Fleet,
  app: App,
  machine: Machine,
  line: Pick<LogLine, 'level' | 'provider' | 'message'>,
): void {
  app.logs.push({ at: new Date(), machine: machine.id, region: machine.region, ...line });
  if (app.logs.length > LOG_LINES) app.logs.splice(0, app.logs.length - LOG_LINES);
  fleet.events.emit('log', app.name);
}

/** Random lower-case hexadecimal digits, the form of machine ids. */
export function hexId(digits: number): string {
  return randomBytes(Math.ceil(digits / 2))
    .toString('hex')
    .slice(0, digits);
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: ten digits of time, sixteen of chance. */
export function ulid(): string {
  let time = Date.now();
  let head = '';
  for (let digit = 0; digit < 10; digit += 1) {
    head = CROCKFORD.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  return head + [...randomBytes(16)].map((byte) => CROCKFORD.charAt(byte % 32)).join('');
}
