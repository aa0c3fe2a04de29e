import { randomBytes } from 'node:crypto';

/** What stands in the project's `.env`. */
export interface Secrets {
  postgresPassword: string;
  redisPassword: string;
  databaseUrl: string;
  redisUrl: string;
  tokenKey: string;
  oauthSecret: string;
}

/** Values of this rehearsal only. @param redis the rehearsal's Redis, which has a password already */
export function makeSecrets(redis: URL): Secrets {
  const postgresPassword = randomBytes(18).toString('hex');
  const redisPassword = decodeURIComponent(redis.password);
  return {
    postgresPassword,
    redisPassword,
    databaseUrl: `postgresql+asyncpg://salon_gbp:${postgresPassword}@db:5432/salon_gbp`,
    redisUrl: `redis://:${redisPassword}@redis:6379/0`,
    tokenKey: randomBytes(32).toString('base64'),
    oauthSecret: randomBytes(24).toString('hex'),
  };
}
