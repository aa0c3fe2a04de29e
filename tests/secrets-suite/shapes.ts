import { randomBytes } from 'node:crypto';

/** Random secrets of every shape that runbooks hold, and of some that people have. */
export const SHAPES = {
  nasty: () => `p#s"s'w\\o$r&d/<é>%41+ =?-${randomBytes(9).toString('base64')}`,
  key: () => {
    const body = randomBytes(600).toString('base64').replace(/.{64}/g, '$&\n');
    return `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----`;
  },
  url: () =>
    `https://hook:${randomBytes(9).toString('hex')}%2F%40x@auth.example.com/o/${randomBytes(12).toString('hex')}`,
  databaseUrl: () =>
    `postgresql+asyncpg://app:${randomBytes(9).toString('base64url')}%2F%40@db.internal:5432/booking?ssl=require`,
  plainUrl: () => `https://auth.example.com/${randomBytes(16).toString('base64url')}`,
  hex: () => randomBytes(24).toString('hex'),
  long: () => randomBytes(1500).toString('base64'),
  japanese: () => `手順の秘密-${randomBytes(18).toString('base64')}-ñandú`,
  short: () => `k3y-${randomBytes(2).toString('hex')}`,
  email: () => `${randomBytes(6).toString('hex')}@example.com`,
  uuid: () =>
    randomBytes(16)
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
} as const;

export type Shape = keyof typeof SHAPES;
