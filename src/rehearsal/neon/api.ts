/** Neon's HTTP API v2, as far as the rehearsal acts it out (neon.com/docs/reference/api). */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import {
  type Branch,
  connectionString,
  isLocked,
  type NeonProject,
  type Operation,
  startBranch,
  startRestart,
  startRestore,
} from './project.ts';

export interface Request {
  method: string;
  url: URL;
  authorization: string;
  body: unknown;
}

export interface Answer {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body: unknown;
}

/** Page of a list that names no limit. */
const PAGE = 100;

/** Answers a request. @param path below `/api/v2` */
export function answer(project: NeonProject, request: Request): Answer {
  if (!isKey(project.key, request.authorization)) {
    return refuse(401, 'supplied credentials do not pass authentication');
  }
  const [projects, id, part, branch, action] = request.url.pathname.replace(/^\/api\/v2\//, '').split('/');
  if (projects !== 'projects' || (id !== undefined && id !== project.id)) return refuse(404, 'project not found');
  if (request.method !== 'GET' && isLocked(project)) {
    const why = 'project already has running conflicting operations, scheduling of new ones is prohibited';
    return refuse(423, why);
  }
  switch (`${request.method} ${[part, branch && ':id', action].filter(Boolean).join('/')}`) {
    case 'GET ':
      return { status: 200, body: { project: projectJson(project) } };
    case 'GET branches':
      return listBranches(project, request.url);
    case 'POST branches':
      return createBranch(project, request.body);
    case 'GET branches/:id':
      return withBranch(project, branch, (found) => ({ status: 200, body: { branch: branchJson(project, found) } }));
    case 'GET branches/:id/endpoints':
      return withBranch(project, branch, (found) => ({ status: 200, body: { endpoints: endpoints(project, found) } }));
    case 'POST branches/:id/restore':
      return withBranch(project, branch, (found) => restore(project, found, request.body));
    case 'POST endpoints/:id/restart': {
      const found = project.branches.find(({ endpoint }) => endpoint?.id === branch);
      return found ? restart(project, found) : refuse(404, 'endpoint not found');
    }
    case 'GET connection_uri':
      return connectionUri(project, request.url);
    case 'GET operations':
      return listOperations(project, request.url);
    case 'GET operations/:id': {
      const found = project.operations.find((one) => one.id === branch);
      return found
        ? { status: 200, body: { operation: operationJson(project, found) } }
        : refuse(404, 'operation not found');
    }
    default:
      return refuse(404, 'this rehearsal does not act out that part of the API');
  }
}

function isKey(key: string, authorization: string): boolean {
  const [given, wanted] = [Buffer.from(authorization), Buffer.from(`Bearer ${key}`)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

export function refuse(status: number, message: string, code = ''): Answer {
  return { status, body: { request_id: randomUUID(), code, message } };
}

function withBranch(project: NeonProject, id: string | undefined, then: (branch: Branch) => Answer): Answer {
  const found = project.branches.find((branch) => branch.id === id);
  return found ? then(found) : refuse(404, 'branch not found');
}

function listBranches(project: NeonProject, { searchParams }: URL): Answer {
  const search = searchParams.get('search') ?? '';
  const all = project.branches.filter(({ id, name }) => name.includes(search) || id.includes(search));
  const { page, next } = paged(all, searchParams);
  return {
    status: 200,
    body: {
      branches: page.map((branch) => branchJson(project, branch)),
      annotations: {},
      pagination: { ...(next ? { next } : {}), sort_by: 'updated_at', sort_order: 'desc' },
    },
  };
}

function listOperations(project: NeonProject, { searchParams }: URL): Answer {
  const { page, next } = paged(project.operations, searchParams);
  const operations = page.map((operation) => operationJson(project, operation));
  return { status: 200, body: { operations, ...(next ? { pagination: { cursor: next } } : {}) } };
}

/** A cursor is the id of the last item before it. */
function paged<T extends { id: string }>(all: readonly T[], query: URLSearchParams): { page: T[]; next?: string } {
  const from = all.findIndex(({ id }) => id === query.get('cursor')) + 1;
  const page = all.slice(from, from + (Number(query.get('limit')) || PAGE));
  const last = page.at(-1);
  return from + page.length < all.length && last ? { page, next: last.id } : { page };
}

function createBranch(project: NeonProject, body: unknown): Answer {
  const { branch, endpoints: wanted } = (body ?? {}) as {
    branch?: { name?: string; parent_id?: string; parent_timestamp?: string };
    endpoints?: unknown[];
  };
  const [main] = project.branches;
  const parent = branch?.parent_id === undefined ? main : project.branches.find(({ id }) => id === branch.parent_id);
  if (!parent) return refuse(404, 'parent branch not found');
  const name = branch?.name ?? `branch-${project.branches.length}`;
  if (project.branches.some((one) => one.name === name)) {
    return refuse(409, `branch with the provided name already exists`, 'BRANCH_ALREADY_EXISTS');
  }
  const at = branch?.parent_timestamp === undefined ? undefined : new Date(branch.parent_timestamp);
  const wrong = at && outside(project, at);
  if (wrong) return wrong;
  const before = project.operations.length;
  const made = startBranch(project, parent, name, at);
  return {
    status: 201,
    body: {
      branch: branchJson(project, made),
      endpoints: wanted ? [] : undefined,
      operations: begun(project, before),
      roles: [],
      databases: [],
      connection_uris: [{ connection_uri: connectionString(project, parent) }],
    },
  };
}

function restore(project: NeonProject, branch: Branch, body: unknown): Answer {
  const given = (body ?? {}) as { source_branch_id?: string; source_timestamp?: string; preserve_under_name?: string };
  const source = project.branches.find(({ id }) => id === given.source_branch_id);
  if (!source) return refuse(404, 'source branch not found');
  if (source === branch && given.source_timestamp === undefined) {
    return refuse(400, 'source_timestamp or source_lsn is required when restoring a branch from itself');
  }
  const keep = given.preserve_under_name;
  if (source === branch && !keep) {
    return refuse(400, 'preserve_under_name is required when restoring a branch from itself');
  }
  if (project.branches.some(({ name }) => name === keep)) {
    return refuse(409, 'branch with the provided name already exists', 'BRANCH_ALREADY_EXISTS');
  }
  const at = given.source_timestamp === undefined ? new Date() : new Date(given.source_timestamp);
  const wrong = outside(project, at);
  if (wrong) return wrong;
  const before = project.operations.length;
  startRestore(project, branch, source, at, keep ?? `${branch.name}_old`);
  return { status: 200, body: { branch: branchJson(project, branch), operations: begun(project, before) } };
}

function restart(project: NeonProject, branch: Branch): Answer {
  const before = project.operations.length;
  startRestart(project, branch);
  return { status: 200, body: { endpoint: endpoints(project, branch)[0], operations: begun(project, before) } };
}

function outside({ retentionSeconds }: NeonProject, at: Date): Answer | undefined {
  const age = Date.now() - at.getTime();
  if (age >= 0 && age <= retentionSeconds * 1000) return undefined;
  return refuse(400, `timestamp is ${age < 0 ? 'in the future' : 'outside of the history retention window'}`);
}

function connectionUri(project: NeonProject, { searchParams }: URL): Answer {
  const id = searchParams.get('branch_id');
  const [main] = project.branches;
  const branch = id === null ? main : project.branches.find((one) => one.id === id);
  if (!branch) return refuse(404, 'branch not found');
  if (searchParams.get('database_name') !== project.database) return refuse(404, 'database not found');
  if (searchParams.get('role_name') !== project.role) return refuse(404, 'role not found');
  const uri = connectionString(project, branch);
  return uri ? { status: 200, body: { uri } } : refuse(404, 'endpoint not found');
}

function begun(project: NeonProject, before: number): unknown[] {
  const fresh = project.operations.slice(0, project.operations.length - before);
  return fresh.toReversed().map((operation) => operationJson(project, operation));
}

function projectJson({ id, retentionSeconds, branches }: NeonProject): unknown {
  return {
    id,
    name: id,
    region_id: 'aws-ap-southeast-1',
    platform_id: 'aws',
    pg_version: 17,
    history_retention_seconds: retentionSeconds,
    created_at: branches[0]?.createdAt.toISOString(),
  };
}

function branchJson(project: NeonProject, branch: Branch): unknown {
  return {
    id: branch.id,
    project_id: project.id,
    ...(branch.parent ? { parent_id: branch.parent } : {}),
    ...(branch.at ? { parent_timestamp: branch.at.toISOString() } : {}),
    name: branch.name,
    current_state: branch.state,
    default: branch === project.branches[0],
    protected: false,
    created_at: branch.createdAt.toISOString(),
    updated_at: branch.createdAt.toISOString(),
  };
}

function endpoints(project: NeonProject, { id, endpoint }: Branch): unknown[] {
  if (!endpoint) return [];
  const host = `127.0.0.1:${endpoint.port}`;
  return [
    { id: endpoint.id, host, project_id: project.id, branch_id: id, type: 'read_write', current_state: 'active' },
  ];
}

function operationJson({ id }: NeonProject, operation: Operation): unknown {
  return {
    id: operation.id,
    project_id: id,
    branch_id: operation.branch,
    action: operation.action,
    status: operation.status,
    ...(operation.error ? { error: operation.error } : {}),
    failures_count: operation.status === 'failed' ? 1 : 0,
    created_at: operation.createdAt.toISOString(),
  };
}
