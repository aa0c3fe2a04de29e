import { hostname, userInfo } from 'node:os';
import type { Person } from '../journal/records.ts';

/**
 * Who runs tejun: `TEJUN_OPERATOR` (the principal of the team's allowed_signers), else `user@host`; over SSH also from where.
 */
export function operatorOf(env: Readonly<Record<string, string | undefined>>): Person {
  const host = hostname();
  const name = env['TEJUN_OPERATOR'] || `${userInfo().username}@${host}`;
  // SSH_CONNECTION is "client-ip client-port server-ip server-port" (sshd(8)).
  const from = env['SSH_CONNECTION']?.split(' ')[0];
  return { name, host, ...(from ? { from } : {}) };
}
