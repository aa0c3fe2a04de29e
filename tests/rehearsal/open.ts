import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { SiteRequest } from '../../src/engine/site.ts';
import type { RehearsalSite } from '../../src/rehearsal/site.ts';
import type { Runbook, SecretFormat, SecretSpec } from '../../src/runbook/types.ts';

export const APP = 'booking-stg';

/** What an operator's run of a small runbook asks of the rehearsal. */
export function requestOf(request: Partial<SiteRequest> = {}): SiteRequest {
  const secrets = ['DATABASE_URL', 'REDIS_URL', 'JWT_SECRET', 'ICS_SALT'].map((name) => [name, secret(name)] as const);
  const runbook: Runbook = {
    file: 'booking.md',
    digest: '',
    title: 'Booking',
    language: 'en',
    timezone: 'UTC',
    environments: {},
    values: {},
    secrets: Object.fromEntries(secrets),
    steps: [],
    checklist: [],
  };
  return {
    run: 'run',
    runbook,
    values: { app: APP, base_url: `https://${APP}.fly.dev` },
    fresh: false,
    ...request,
  };
}

export function secret(name: string, format?: SecretFormat): SecretSpec {
  const position = { line: 1, column: 1 };
  return { name, ask: name, optional: false, position, ...(format ? { format } : {}) };
}

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a line of shell as a step of the runbook would: in the site's directory and environment. */
export async function sh(
  site: RehearsalSite,
  line: string,
  options: { stdin?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<Ran> {
  const child = spawn('bash', ['-c', line], {
    cwd: site.cwd,
    env: { ...site.env, ...options.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), options.timeoutMs ?? 25_000);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearTimeout(timer);
  return { code: code as number | null, stdout, stderr };
}

/** The JSON that a command prints. */
export async function json<Shape>(site: RehearsalSite, line: string): Promise<Shape> {
  const { code, stdout, stderr } = await sh(site, line);
  if (code !== 0) throw new Error(`${line}: ${code} ${stderr}`);
  return JSON.parse(stdout) as Shape;
}

export interface StatusJson {
  Version: number;
  Machines: {
    id: string;
    state: string;
    image_ref: { tag: string };
    config: { metadata: { fly_release_version: string } };
    checks: { status: string; output: string }[];
  }[];
}

export type ReleasesJson = { Version: number; Status: string; ImageRef: string }[];
