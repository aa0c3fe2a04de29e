import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `app/release.json` of a revision says of its code. */
export interface Release {
  version: string;
  /** Variables without which it does not start. */
  requires: readonly string[];
  /** Tables that it reads: it is not healthy without one. */
  tables: readonly string[];
}

export async function readRelease(): Promise<Release> {
  return JSON.parse(await readFile(join(process.cwd(), 'app/release.json'), 'utf8')) as Release;
}

/** Ends the process with a traceback's last line when a variable is not there; an empty one is not there. */
export function demand(release: Release): void {
  const missing = release.requires.filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  say('ERROR', `pydantic_core._pydantic_core.ValidationError: ${missing.length} validation error for Settings`);
  for (const name of missing) say('ERROR', `${name}: Field required`);
  process.exit(1);
}

/** A line of the container's log. */
export function say(level: 'INFO' | 'WARNING' | 'ERROR', text: string): void {
  (level === 'ERROR' ? process.stderr : process.stdout).write(`${level}: ${text}\n`);
}

/** SQLAlchemy's scheme names its driver; pg wants the plain one. */
export function plainDatabaseUrl(): string {
  return (process.env['DATABASE_URL'] ?? '').replace(/^postgresql\+\w+:/, 'postgresql:');
}

/** Where the broker is here: the platform has led its URL to this machine. */
export function brokerAddress(): { port: number; password: string | undefined } {
  const url = new URL(process.env['CELERY_BROKER_URL'] ?? process.env['REDIS_URL'] ?? 'redis://127.0.0.1:1');
  return { port: Number(url.port || 6379), password: decodeURIComponent(url.password) || undefined };
}
