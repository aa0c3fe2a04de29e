import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { hashPassword, isPassword } from './passwords.ts';
import type { Release, Role } from './release.ts';
import { sessionCookie, sessionUser } from './sessions.ts';

export interface Visit {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  cookies: string | undefined;
  release: Release;
  pool: pg.Pool;
  key: string;
  log(line: string): void;
}

export interface Page {
  status: number;
  html?: string;
  json?: unknown;
  location?: string;
  cookie?: string;
}

interface User {
  id: number;
  email: string;
  role: Role;
  tenant_id: number | null;
  password_hash: string;
  must_change_password: boolean;
}

const HOME: Readonly<Record<Role, string>> = {
  platform_admin: '/platform',
  admin: '/admin',
  staff: '/staff/search',
};
const CHANGE = '/password/change';
const SHORTEST_PASSWORD = 12;

/** Who may see what below these paths. */
const ALLOWED: readonly (readonly [prefix: string, roles: readonly Role[]])[] = [
  ['/platform', ['platform_admin']],
  ['/admin', ['admin', 'platform_admin']],
  ['/staff', ['staff', 'admin']],
];

/** Answers one request. Whatever throws becomes the error page. */
export async function visit(given: Visit): Promise<Page> {
  const { method, path } = given;
  if (path === '/healthz') return { status: 200, json: { status: 'ok', version: given.release.version } };
  if (path === '/login')
    return method === 'POST' ? login(given) : { status: 200, html: form('/login', ['email', 'password']) };
  const user = await current(given);
  if (!user) return { status: 303, location: '/login' };
  if (path === CHANGE)
    return method === 'POST' ? changePassword(given, user) : { status: 200, html: form(CHANGE, ['new_password']) };
  // A password that somebody else chose opens nothing but the page that replaces it.
  if (user.must_change_password) return { status: 303, location: CHANGE };
  if (path === '/') return { status: 303, location: HOME[user.role] };
  const roles = ALLOWED.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))?.[1];
  if (!roles) return { status: 404, html: '<h1>404</h1>' };
  if (!roles.includes(user.role)) {
    given.log(`WARNING forbidden path=${path} role=${user.role}`);
    return { status: 403, html: '<h1>403 権限がありません</h1>' };
  }
  return permitted(given, user);
}

async function permitted(given: Visit, user: User): Promise<Page> {
  switch (`${given.method} ${given.path}`) {
    case 'GET /platform':
      return { status: 200, html: `<h1>platform-admin</h1><p>${escaped(user.email)}</p>` };
    case 'GET /admin':
      return { status: 200, html: `<h1>admin</h1><p>${escaped(user.email)}</p>` };
    case 'GET /admin/upload':
      return { status: 200, html: '<h1>upload</h1>' };
    case 'POST /admin/users/reissue-password':
      return reissue(given, user);
    case 'GET /staff/references': {
      const items = await products(given, user);
      return { status: 200, json: { count: items.length, items } };
    }
    case 'GET /staff/search':
      return search(given, user);
    default:
      return { status: 404, html: '<h1>404</h1>' };
  }
}

async function login({ form, pool, key, log }: Visit): Promise<Page> {
  const email = form.get('email') ?? '';
  const user = await find(pool, 'email', email);
  if (!user || !isPassword(form.get('password') ?? '', user.password_hash)) {
    log(`WARNING login failed email=${email.slice(0, 80)}`);
    return { status: 401, html: '<h1>ログインできません</h1>' };
  }
  return {
    status: 303,
    location: user.must_change_password ? CHANGE : HOME[user.role],
    cookie: sessionCookie(user.id, key),
  };
}

async function changePassword({ form, pool }: Visit, user: User): Promise<Page> {
  const password = form.get('new_password') ?? '';
  if (password.length < SHORTEST_PASSWORD) return { status: 400, html: '<p>短すぎます</p>' };
  await pool.query('update users set password_hash = $1, must_change_password = false where id = $2', [
    hashPassword(password),
    user.id,
  ]);
  return { status: 303, location: HOME[user.role] };
}

/** An admin's own tenant only; the password is shown once, on this page. */
async function reissue({ form, pool, log }: Visit, admin: User): Promise<Page> {
  const password = randomBytes(12).toString('base64url');
  const changed = await pool.query(
    "update users set password_hash = $1, must_change_password = true where email = $2 and role = 'staff' and tenant_id = $3",
    [hashPassword(password), form.get('email'), admin.tenant_id],
  );
  if (changed.rowCount === 0) return { status: 404, html: '<h1>404</h1>' };
  log(`INFO password reissued by=${admin.email}`);
  return { status: 200, json: { email: form.get('email'), temporary_password: password } };
}

async function search(given: Visit, user: User): Promise<Page> {
  const reference = given.query.get('reference');
  const items = await products(given, user);
  const chosen = items.filter((item) => item['reference'] === reference);
  const rows = chosen.map(
    (item) =>
      `<p>${escaped(String(item['brand']))} ${escaped(String(item['reference']))} price_jpy=${item['price_jpy']}</p>`,
  );
  return { status: 200, html: `<h1>検索</h1>${rows.join('')}` };
}

async function products({ pool, query, release }: Visit, user: User): Promise<Record<string, unknown>[]> {
  // The columns are the release's own, never a visitor's.
  const found = await pool.query<Record<string, unknown>>(
    `select ${release.productColumns.join(', ')} from master_products where tenant_id = $1 and ($2::text is null or brand = $2) order by reference`,
    [user.tenant_id, query.get('brand')],
  );
  return found.rows;
}

async function current({ cookies, key, pool }: Visit): Promise<User | undefined> {
  const id = sessionUser(cookies, key);
  return id === undefined ? undefined : find(pool, 'id', id);
}

async function find(pool: pg.Pool, column: 'email' | 'id', value: string | number): Promise<User | undefined> {
  const found = await pool.query<User>(`select * from users where ${column} = $1`, [value]);
  return found.rows[0];
}

function form(action: string, fields: readonly string[]): string {
  const inputs = fields.map((name) => `<input name="${name}"${/password/.test(name) ? ' type="password"' : ''}>`);
  return `<form method="post" action="${action}">${inputs.join('')}<button>OK</button></form>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
