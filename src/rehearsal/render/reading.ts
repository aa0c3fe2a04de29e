/** How Render reads requests: what it takes, and what it refuses with 400. */

/** An answer that is not 2xx: `{"id", "message"}`. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const notFound = (what: string): Refusal => new Refusal(404, `not found: ${what}`);

/** A body with these fields and no other. */
export function readBody(
  text: string,
  fields: readonly string[],
  required: readonly string[] = [],
): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(400, 'expected an object');
  const stranger = Object.keys(body).find((key) => !fields.includes(key));
  if (stranger !== undefined) throw new Refusal(400, `json: unknown field "${stranger}"`);
  const missing = required.find((key) => !(key in body));
  if (missing !== undefined) throw new Refusal(400, `${missing} is required`);
  return body as Record<string, unknown>;
}

/** A text field; undefined when it is absent. */
export function textField(
  body: Record<string, unknown>,
  name: string,
  allowed?: readonly string[],
): string | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new Refusal(400, `${name} must be a string`);
  if (allowed && !allowed.includes(value)) throw new Refusal(400, `invalid ${name}: ${value}`);
  return value;
}

/** `limit` of a list: 20 when absent, 100 at most. */
export function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '20';
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new Refusal(400, `invalid limit: ${text}`);
  return limit;
}

/** One page of a list, as `[{cursor, …}]`. A cursor is the item's id in another writing. */
export function pageOf<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  idOf: (item: Item) => string,
  shape: (item: Item) => object,
): object[] {
  const cursor = query.get('cursor');
  let from = 0;
  if (cursor !== null) {
    from = items.findIndex((item) => cursorOf(idOf(item)) === cursor) + 1;
    if (from === 0) throw new Refusal(400, 'invalid cursor');
  }
  return items.slice(from, from + limitOf(query)).map((item) => ({ cursor: cursorOf(idOf(item)), ...shape(item) }));
}

function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** A moment of a query, in milliseconds since 1970. */
export function momentOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) throw new Refusal(400, `invalid ${name}: ${text}`);
  return moment;
}

export function oneOf(query: URLSearchParams, name: string, allowed: readonly string[]): string | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  if (!allowed.includes(value)) throw new Refusal(400, `invalid ${name}: ${value}`);
  return value;
}
