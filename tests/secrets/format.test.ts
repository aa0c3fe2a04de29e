import { describe, expect, test } from 'vitest';
import type { SecretFormat } from '../../src/runbook/types.ts';
import { checkSecret } from '../../src/secrets/format.ts';

function codes(value: string | Buffer, format?: SecretFormat): string[] {
  return checkSecret(Buffer.from(value), format).map(({ code }) => code);
}

const asyncpg = { url: ['postgresql+asyncpg'], forbidQuery: ['sslmode'], requireQuery: { ssl: 'require' } };

describe('a secret that is wrong in any runbook', () => {
  test.each([
    ['', ['empty']],
    ['abc', ['unmaskable']],
    ['abcdefg', ['weak']],
    ['correct horse', []],
    ['postgres', ['common-word']],
    ['Password123!', ['common-word']],
    ['87654321', ['common-word']],
    ['postgres-of-the-night', []],
    ['line one of it\nline two', ['several-lines']],
    ['changeme', ['placeholder']],
    ['CHANGE_ME_PLEASE', ['placeholder']],
    ['your-api-key', ['placeholder']],
    ['<the database url>', ['placeholder']],
    ['${DATABASE_URL}', ['placeholder']],
    ['xxxxxxxxxx', ['placeholder']],
    ['postgres://app:***@db/booking', ['placeholder']],
    ['sk_live_...', ['placeholder']],
    [' leading blank', ['surrounding-space']],
    ['line at the end\n', ['surrounding-space']],
    ['pasted\x1b[201~text', ['control-characters']],
    [Buffer.from([0xff, 0xfe, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46]), ['not-text']],
  ])('%j', (value, expected) => {
    expect(codes(value)).toEqual(expected);
  });
});

describe('a URL', () => {
  test.each([
    ['postgresql+asyncpg://app:S3cr3tPw@db.internal:5432/booking?ssl=require', asyncpg, []],
    ['postgresql+asyncpg://app:p%2Fw%40rd%21@db/booking?ssl=require', asyncpg, []],
    ['postgres://app:S3cr3tPw@db/booking?ssl=require', asyncpg, ['url-scheme']],
    ['postgresql+asyncpg://app:S3cr3tPw@db/booking?ssl=require&sslmode=require', asyncpg, ['query-forbidden']],
    ['postgresql+asyncpg://app:S3cr3tPw@db/booking', asyncpg, ['query-required']],
    ['postgresql+asyncpg://app:S3cr3tPw@db/booking?ssl=disable', asyncpg, ['query-required']],
    ['app:S3cr3tPw@db/booking', asyncpg, ['url']],
    ['postgres://app:S3/cr3tPw@db/booking', { url: ['postgres'] }, ['url-password']],
    ['postgres://app:S3@cr3tPw@db/booking', { url: ['postgres'] }, ['url-password']],
    ['postgres://app:S3:cr3tPw@db/booking', { url: ['postgres'] }, ['url-password']],
    ['postgres://app:S3%ZZcr3tPw@db/booking', { url: ['postgres'] }, ['url-password']],
    ['postgres://app:S3cr3tPw@db:port/booking', { url: ['postgres'] }, ['url-password']],
    ['postgres://app:S3cr3tPw@db1:5432,db2:5432/booking', { url: ['postgres'] }, []],
    ['postgres://app:S3cr3tPw@[::1]:5432/booking', { url: ['postgres'] }, []],
    ['redis://db.internal:6379/0', { url: ['redis', 'rediss'] }, []],
    ['https://hooks.example.com/services/T00/B00?x=a@b', { url: ['https'] }, []],
  ])('%s', (value, format: SecretFormat, expected) => {
    expect(codes(value, format)).toEqual(expected);
  });
});

describe('keys', () => {
  const key = Buffer.alloc(32, 7);
  test.each([
    [key.toString('base64'), { base64: 32 }, []],
    [key.toString('base64url'), { base64: 32 }, []],
    [key.subarray(1).toString('base64'), { base64: 32 }, ['base64-length']],
    [`${key.toString('base64')}=`, { base64: 32 }, ['base64']],
    ['not base64 at all!', { base64: 32 }, ['base64']],
    [key.toString('hex'), { hex: 32 }, []],
    [key.toString('hex'), { hex: 33 }, ['hex']],
    [`${key.toString('hex')}0`, { hex: 32 }, ['hex']],
    ['0123456789', { minLength: 12 }, ['too-short']],
    ['手順手順手順手順', { minLength: 8 }, []],
    [key.toString('hex'), { minEntropy: 64 }, ['entropy']],
    ['correct-horse-battery-staple', { minEntropy: 100 }, []],
    ['line one of it\nline two', { multiline: true }, []],
    ['sk_live_4eC39HqLyjWDarjtT1zdp7dc', { pattern: 'sk_live_\\w+' }, []],
    ['sk_test_4eC39HqLyjWDarjtT1zdp7dc', { pattern: 'sk_live_\\w+' }, ['pattern']],
    ['xsk_live_4eC39H', { pattern: 'sk_live_\\w+|other' }, ['pattern']],
  ])('%s %j', (value, format: SecretFormat, expected) => {
    expect(codes(value, format)).toEqual(expected);
  });
});

test('no finding quotes the value', () => {
  const value = 'postgres://app:S3/cr3tPw@db:port/booking?sslmode=Quoted';
  const formats = [asyncpg, { base64: 32, hex: 32, minLength: 99, pattern: '\\d+' }];
  const told = JSON.stringify(formats.flatMap((format) => checkSecret(Buffer.from(value), format)));
  for (const part of ['S3', 'cr3tPw', 'db:port', 'booking', 'Quoted']) expect(told).not.toContain(part);
});
