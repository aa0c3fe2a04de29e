import { describe, expect, test } from 'vitest';
import { secretValue } from '../../src/rehearsal/secret-value.ts';
import type { SecretFormat } from '../../src/runbook/types.ts';
import { secret } from './open.ts';

const services = {
  database: 'postgresql://booking:pw@127.0.0.1:5001/booking',
  redis: 'redis://default:pw@127.0.0.1:5002/0',
};

function valueFor(name: string, format?: SecretFormat): string | undefined {
  return secretValue(secret(name, format), services);
}

test.each([
  ['DATABASE_URL', undefined, services.database],
  ['REDIS_URL', undefined, services.redis],
  [
    'STAGING_DB',
    { url: ['postgresql+asyncpg'], forbidQuery: ['sslmode'] },
    'postgresql+asyncpg://booking:pw@127.0.0.1:5001/booking',
  ],
  ['CACHE', { url: ['rediss'] }, 'rediss://default:pw@127.0.0.1:5002/0'],
])('%s leads to the service of this machine', (name, format, value) => {
  expect(valueFor(name, format)).toBe(value);
});

describe('other secrets are chance in the asked format', () => {
  test.each<[string, SecretFormat, RegExp]>([
    ['JWT_SECRET', { minLength: 64 }, /^.{64,}$/],
    ['ICS_SALT', { hex: 16 }, /^([0-9a-f]{2}){16,}$/],
    ['KEY', { base64: 32 }, /^[A-Za-z0-9+/]{43}=$/],
    ['ADMIN_EMAILS', { pattern: '[^@]+@[^@]+' }, /^operator@example\.com$/],
    ['TOKEN', { pattern: '[0-9a-f]{32}' }, /^[0-9a-f]{32}$/],
    ['HOOK', { url: ['https'] }, /^https:\/\/rehearsal\.invalid\//],
  ])('%s', (name, format, shape) => {
    expect(valueFor(name, format)).toMatch(shape);
    if (!shape.source.includes('operator')) expect(valueFor(name, format)).not.toBe(valueFor(name, format));
  });
});

test('a format that nothing here satisfies gives nothing, and the operator is asked', () => {
  expect(valueFor('CODE', { pattern: 'EAA[A-Z]{200}' })).toBeUndefined();
});
