import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { alembic } from '../../alembic/alembic.ts';
import type { Role } from '../model.ts';
import { route } from '../network.ts';
import type { InsideCall, InsideProgram } from './call.ts';
import { celery } from './celery.ts';
import { curl, wget } from './http-clients.ts';
import { pgDump } from './pg-dump.ts';
import { pgIsReady } from './pg-isready.ts';
import { pgRestore } from './pg-restore.ts';
import { psql } from './psql.ts';
import { redisCli } from './redis-cli.ts';

/** alembic over the address that `db` has here. */
const alembicInside: InsideProgram = (call) => alembic({ ...call, env: reachable(call) });

const python: InsideProgram = async (call) => {
  const [first, second, ...rest] = call.args;
  if (first === '-m' && second === 'alembic') return alembicInside({ ...call, args: rest });
  if (first === '-m' && second === 'celery') return celery({ ...call, args: rest });
  call.err('this rehearsal acts out python -m alembic and python -m celery only\n');
  return 1;
};

/** Where a path of the container lies here: what the image or a volume has, and nothing of this computer. */
const ls: InsideProgram = async (call) => {
  const root = call.env['TEJUN_ROOT'] ?? call.cwd;
  const args = call.args.map((arg) => (arg.startsWith('/') ? inside(root, arg) : arg));
  const child = spawn('ls', args, { cwd: call.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const back = (text: string): string => text.replaceAll(`${root}/`, '/');
  child.stdout.on('data', (chunk: Buffer) => call.out(back(chunk.toString('utf8'))));
  child.stderr.on('data', (chunk: Buffer) => call.err(back(chunk.toString('utf8'))));
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
};

const env: InsideProgram = async (call) => {
  for (const [name, value] of Object.entries(call.env)) if (!HIDDEN.test(name)) call.out(`${name}=${value}\n`);
  return 0;
};

const printenv: InsideProgram = async (call) => {
  const [name] = call.args;
  if (name === undefined) return env(call);
  const value = call.env[name];
  if (value === undefined || HIDDEN.test(name)) return 1;
  call.out(`${value}\n`);
  return 0;
};

const yes: InsideProgram = async () => 0;
const no: InsideProgram = async () => 1;

/** Variables of the rehearsal's own. */
const HIDDEN = /^TEJUN_/;

const EVERYWHERE = { ls, env, printenv, true: yes, false: no };
const PYTHON = { ...EVERYWHERE, alembic: alembicInside, celery, curl, python, python3: python };

/** What each image has, beside its shell. */
const PROGRAMS: Readonly<Record<Role, Readonly<Record<string, InsideProgram>>>> = {
  api: PYTHON,
  worker: PYTHON,
  beat: PYTHON,
  web: { ...EVERYWHERE, wget },
  gateway: { ...EVERYWHERE, wget, curl },
  db: { ...EVERYWHERE, psql, pg_dump: pgDump, pg_restore: pgRestore, pg_isready: pgIsReady },
  redis: { ...EVERYWHERE, 'redis-cli': redisCli },
};

/** Alpine's images have no bash. */
const SHELLS: Readonly<Record<Role, readonly string[]>> = {
  ...{ api: ['sh', 'bash'], worker: ['sh', 'bash'], beat: ['sh', 'bash'], db: ['sh', 'bash'] },
  ...{ web: ['sh'], gateway: ['sh'], redis: ['sh'] },
};

/** A program of an image; undefined for what the image does not have. */
export function programIn(role: Role, name: string): InsideProgram | undefined {
  const own = PROGRAMS[role];
  return Object.hasOwn(own, name) ? own[name] : undefined;
}

export function shellIn(role: Role, name: string): string | undefined {
  const plain = name.replace(/^\/bin\//, '');
  return SHELLS[role].includes(plain) ? plain : undefined;
}

/** Names of an image's programs, for the scripts that its shell finds. */
export function programNames(role: Role): string[] {
  return Object.keys(PROGRAMS[role]).filter((name) => name !== 'true' && name !== 'false');
}

/** The environment with every database address led to where it is here. */
export function reachable({
  env,
  hosts,
  self,
}: Pick<InsideCall, 'env' | 'hosts' | 'self'>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      const found = /^((?:postgres|redis)[a-z+0-9]*:\/\/(?:[^@/]*@)?)([^:/@]+):(\d+)(.*)$/.exec(value ?? '');
      const where = found && route(hosts, self, found[2] ?? '', Number(found[3]));
      return [
        name,
        found && where && typeof where !== 'string' ? `${found[1]}127.0.0.1:${where.port}${found[4]}` : value,
      ];
    }),
  );
}

function inside(root: string, path: string): string {
  const there = join(root, path);
  return existsSync(there) || !existsSync(path) ? there : join(root, 'nowhere', path);
}
