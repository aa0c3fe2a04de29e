import { createHmac, timingSafeEqual } from 'node:crypto';

const COOKIE = 'session';

/** The value of `Set-Cookie` for a user, signed with SECRET_KEY as Flask's sessions are. */
export function sessionCookie(userId: number, key: string): string {
  return `${COOKIE}=${userId}.${sign(String(userId), key)}; HttpOnly; Path=/; SameSite=Lax`;
}

/** Whose session it is; undefined without one, or with one that another key signed. */
export function sessionUser(cookies: string | undefined, key: string): number | undefined {
  const [, id, signature] = /(?:^|;\s*)session=(\d+)\.([0-9a-f]+)/.exec(cookies ?? '') ?? [];
  if (id === undefined || signature === undefined) return undefined;
  const wanted = Buffer.from(sign(id, key));
  const found = Buffer.from(signature);
  return wanted.length === found.length && timingSafeEqual(wanted, found) ? Number(id) : undefined;
}

function sign(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
