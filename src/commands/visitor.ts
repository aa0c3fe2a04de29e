import { operatorOf } from '../engine/operator.ts';
import type { Visitor } from '../link/messages.ts';

/** Who this process is when it attaches to an engine. */
export function visitorOf(env: Readonly<Record<string, string | undefined>>, role: Visitor['role']): Visitor {
  const agentSocket = env['SSH_AUTH_SOCK'];
  return { role, person: operatorOf(env), ...(agentSocket ? { agentSocket } : {}) };
}
