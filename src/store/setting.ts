import { Secret } from '../secrets/secret.ts';

/** The name of the setting, which is also that of the secret: its URL holds a password. */
export const STORE = 'TEJUN_STORE';

/** The URL of the team's store as a secret; undefined when none is set. */
export function storeSecret(env: Readonly<Record<string, string | undefined>>): Secret | undefined {
  const url = env[STORE];
  return url ? new Secret(STORE, Buffer.from(url)) : undefined;
}
