import { randomBytes, randomUUID } from 'node:crypto';
import type { SecretSpec } from '../runbook/types.ts';

/** The rehearsal's own services, as connection strings. */
export interface Services {
  /** `postgresql://…`; the scheme is exchanged for the one that is wanted. */
  database: string;
  redis: string;
}

const DATABASE_SCHEME = /^postgres(ql)?(\+\w+)?$/;
const CACHE_SCHEME = /^rediss?$/;

/**
 * A value for a secret: the rehearsal's database or Redis where it is a connection string to one, else chance in the
 * asked format. Undefined when nothing here satisfies the format; the operator is asked then.
 */
export function secretValue(spec: Pick<SecretSpec, 'name' | 'format'>, services: Services): string | undefined {
  const scheme = spec.format?.url?.[0] ?? guessScheme(spec.name);
  if (scheme !== undefined) return withQuery(urlOf(scheme, services), spec);
  return candidates(spec).find((candidate) => fits(candidate, spec));
}

/** A secret without a format is known by its name. */
function guessScheme(name: string): string | undefined {
  if (/^(DATABASE|POSTGRES|PG|DB)_?URL$/i.test(name)) return 'postgresql';
  return /^REDIS_?URL$/i.test(name) ? 'redis' : undefined;
}

function urlOf(scheme: string, services: Services): string {
  const withScheme = (url: string): string => `${scheme}${url.slice(url.indexOf(':'))}`;
  if (DATABASE_SCHEME.test(scheme)) return withScheme(services.database);
  if (CACHE_SCHEME.test(scheme)) return withScheme(services.redis);
  return `${scheme}://rehearsal.invalid/${randomBytes(8).toString('hex')}`;
}

function withQuery(url: string, spec: Pick<SecretSpec, 'format'>): string {
  const query = Object.entries(spec.format?.requireQuery ?? {});
  return query.length === 0 ? url : `${url}?${new URLSearchParams(query)}`;
}

function candidates({ name, format }: Pick<SecretSpec, 'name' | 'format'>): readonly string[] {
  if (format?.base64 !== undefined) return [randomBytes(format.base64).toString('base64')];
  const length = Math.max(32, format?.hex ?? 0, format?.minLength ?? 0);
  const hex = randomBytes(length).toString('hex');
  const email = 'operator@example.com';
  const others = [
    email,
    randomBytes(length).toString('base64url'),
    randomBytes(32).toString('base64'),
    hex.slice(0, 32),
    hex.slice(0, 16),
    randomUUID(),
    `sk_test_${hex.slice(0, 24)}`,
    `Aa1!${hex.slice(0, 20)}`,
    String(1_000_000_000 + randomBytes(3).readUIntBE(0, 3)),
  ];
  return /MAIL/i.test(name) ? [email, hex, ...others] : [hex, ...others];
}

function fits(value: string, { format }: Pick<SecretSpec, 'format'>): boolean {
  if (format?.minLength !== undefined && value.length < format.minLength) return false;
  if (format?.hex !== undefined && !/^([0-9a-f]{2})+$/i.test(value)) return false;
  return format?.pattern === undefined || new RegExp(`^(?:${format.pattern})$`, 'u').test(value);
}
