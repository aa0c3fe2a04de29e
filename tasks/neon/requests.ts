import type { Json } from '../../src/journal/records.ts';

/**
 * Every request to Neon's API v2 that tejun makes, as pure builders (neon.com/docs/reference/api). Paths are below
 * `https://console.neon.tech/api/v2`.
 */
export interface NeonRequest {
  method: 'GET' | 'POST';
  path: string;
  body?: Json;
}

/** Items of one page. */
const PAGE = 100;

const get = (path: string, query: Readonly<Record<string, string | undefined>> = {}): NeonRequest => {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return { method: 'GET', path: given.length === 0 ? path : `${path}?${new URLSearchParams(given)}` };
};

export const project = (id: string): NeonRequest => get(`/projects/${id}`);

/** Branches whose name or id contains `search`, one page of them. */
export const branches = (project: string, search: string, cursor?: string): NeonRequest =>
  get(`/projects/${project}/branches`, { search, limit: String(PAGE), cursor });

export const endpoints = (project: string, branch: string): NeonRequest =>
  get(`/projects/${project}/branches/${branch}/endpoints`);

/** The newest operations first, one page of them. */
export const operations = (project: string, cursor?: string): NeonRequest =>
  get(`/projects/${project}/operations`, { limit: String(PAGE), cursor });

export const operation = (project: string, id: string): NeonRequest => get(`/projects/${project}/operations/${id}`);

/** Its answer is a password: the connection string of a role. */
export const connectionUri = (
  project: string,
  { branch, database, role, pooled }: { branch: string; database: string; role: string; pooled: boolean },
): NeonRequest =>
  get(`/projects/${project}/connection_uri`, {
    branch_id: branch,
    database_name: database,
    role_name: role,
    pooled: String(pooled),
  });

/**
 * A branch of `parent` as it was at a point in time, with an endpoint to connect to. neonctl takes a timestamp on the
 * default branch only; the API takes it on any.
 */
export const createBranch = (
  project: string,
  { name, parent, at }: { name: string; parent: string; at?: string | undefined },
): NeonRequest => ({
  method: 'POST',
  path: `/projects/${project}/branches`,
  body: {
    branch: { name, parent_id: parent, ...(at === undefined ? {} : { parent_timestamp: at }) },
    endpoints: [{ type: 'read_write' }],
  },
});

/**
 * Puts a branch back to an earlier state of itself. It keeps its id and its endpoint, so that no connection string
 * changes. A restore from itself must name where the present state is kept (`preserve_under_name`).
 */
export const restoreBranch = (
  project: string,
  branch: string,
  { at, preserveAs }: { at: string; preserveAs: string },
): NeonRequest => ({
  method: 'POST',
  path: `/projects/${project}/branches/${branch}/restore`,
  body: { source_branch_id: branch, source_timestamp: at, preserve_under_name: preserveAs },
});

export const restartEndpoint = (project: string, endpoint: string): NeonRequest => ({
  method: 'POST',
  path: `/projects/${project}/endpoints/${endpoint}/restart`,
});

/** A request as the plan, the screen and the journal show it. */
export function asRequest({ method, path, body }: NeonRequest): string {
  return `${method} https://console.neon.tech/api/v2${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`;
}
