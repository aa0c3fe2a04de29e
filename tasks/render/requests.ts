import type { Json } from '../../src/journal/records.ts';
import type { Secret } from '../../src/secrets/secret.ts';

/** Where Render's API is; a rehearsal has its own (`TEJUN_RENDER_API`). */
export const RENDER_API = 'https://api.render.com/v1';

/** The most that a list gives at once. */
export const PAGE = 100;

/** A request of Render's API as plain data. Its secrets are put in when it is sent; the login is never part of it. */
export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the API's base. */
  path: string;
  query?: readonly (readonly [name: string, value: string])[];
  body?: Readonly<Record<string, Json | Secret>>;
}

export type LogType = 'app' | 'request' | 'build';

/** What of the logs is asked for. Times are ISO 8601. */
export interface LogQuery {
  owner: string;
  /** A service (`srv-…`), a job (`job-…`) or a database (`dpg-…`). */
  resource: string;
  start: string;
  end?: string;
  direction: 'forward' | 'backward';
  type?: LogType;
  text?: string;
  level?: string;
  limit: number;
}

/** The requests that tejun makes; paths and fields are those of Render's OpenAPI description. All pure. */

export const whoAmI = (): ApiRequest => ({ method: 'GET', path: '/users' });

export const owners = (): ApiRequest => ({ method: 'GET', path: '/owners' });

export const servicesNamed = (name: string): ApiRequest => get('/services', [['name', name]]);

export const service = (id: string): ApiRequest => get(`/services/${part(id)}`);

/** `PATCH` changes what is named and leaves everything else. */
export const setAutoDeploy = (id: string, to: 'yes' | 'no'): ApiRequest => ({
  method: 'PATCH',
  path: `/services/${part(id)}`,
  body: { autoDeploy: to },
});

export const envVars = (id: string): ApiRequest => get(`/services/${part(id)}/env-vars`);

/** One variable. `PUT …/env-vars` without a key would replace the whole set, and take away every other variable. */
export const putEnvVar = (id: string, key: string, value: string | Secret): ApiRequest => ({
  method: 'PUT',
  path: `/services/${part(id)}/env-vars/${part(key)}`,
  body: { value },
});

export const createDeploy = (id: string, body: Readonly<Record<string, string>>): ApiRequest => ({
  method: 'POST',
  path: `/services/${part(id)}/deploys`,
  body,
});

export const deploys = (id: string): ApiRequest => get(`/services/${part(id)}/deploys`);

export const deploy = (id: string, deployId: string): ApiRequest =>
  get(`/services/${part(id)}/deploys/${part(deployId)}`);

export const rollback = (id: string, deployId: string): ApiRequest => ({
  method: 'POST',
  path: `/services/${part(id)}/rollback`,
  body: { deployId },
});

export const createJob = (id: string, startCommand: string, planId?: string): ApiRequest => ({
  method: 'POST',
  path: `/services/${part(id)}/jobs`,
  body: planId === undefined ? { startCommand } : { startCommand, planId },
});

export const job = (id: string, jobId: string): ApiRequest => get(`/services/${part(id)}/jobs/${part(jobId)}`);

export const cancelJob = (id: string, jobId: string): ApiRequest => ({
  method: 'POST',
  path: `/services/${part(id)}/jobs/${part(jobId)}/cancel`,
});

export const events = (id: string, start: string): ApiRequest =>
  get(`/services/${part(id)}/events`, [['startTime', start]]);

export const databasesNamed = (name: string): ApiRequest => get('/postgres', [['name', name]]);

export const connectionInfo = (id: string): ApiRequest => get(`/postgres/${part(id)}/connection-info`);

export function logs({ owner, resource, start, end, direction, type, text, level, limit }: LogQuery): ApiRequest {
  return get('/logs', [
    ['ownerId', owner],
    ['resource', resource],
    ['startTime', start],
    ...(end === undefined ? [] : [['endTime', end] as const]),
    ['direction', direction],
    ...(type === undefined ? [] : [['type', type] as const]),
    ...(text === undefined ? [] : [['text', text] as const]),
    ...(level === undefined ? [] : [['level', level] as const]),
    ['limit', String(limit)],
  ]);
}

/** A request as it stands in the plan and the journal: `PUT https://api.render.com/v1/… {"value":"$SECRET_KEY"}`. */
export function written({ method, path, query, body }: ApiRequest): string {
  const search = query === undefined ? '' : `?${new URLSearchParams(query.map(([name, value]) => [name, value]))}`;
  // A Secret turns into `$NAME` in JSON; the braces and dollars of placeholders are written as they are.
  const target = decodeURIComponent(`${RENDER_API}${path}`) + search;
  return [method, target, ...(body === undefined ? [] : [JSON.stringify(body)])].join(' ');
}

function get(path: string, query?: ApiRequest['query']): ApiRequest {
  return query === undefined ? { method: 'GET', path } : { method: 'GET', path, query };
}

function part(id: string): string {
  return encodeURIComponent(id);
}
