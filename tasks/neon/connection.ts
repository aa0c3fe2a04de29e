import * as z from 'zod';
import { Secret } from '../../src/secrets/secret.ts';
import { flag, secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { uri } from './answers.ts';
import { KEY, send } from './api.ts';
import { branchNamed } from './branches.ts';
import { branchName, identifier, projectId } from './input.ts';
import { asRequest, branches, connectionUri } from './requests.ts';

const input = z.strictObject({
  project: projectId,
  branch: branchName.default('main'),
  database: identifier,
  role: identifier,
  /** Through Neon's pooler; migrations and locks need the direct host. */
  pooled: flag.default(false),
  secret: secretName.default('DATABASE_URL'),
});

/** Reads the connection string of a branch, which becomes a secret of the run and is never shown. */
export const neonConnection: Task<z.infer<typeof input>> = {
  name: 'neon/connection',
  input,
  effect: 'read',
  describe: (given) => [
    asRequest(branches(given.project, given.branch)),
    `${asRequest(connectionUri(given.project, given))}   # becomes $${given.secret}`,
  ],
  secrets: () => [KEY],
  async run(given, context) {
    const { id } = await branchNamed(context, given.project, given.branch);
    const answer = await send(context, connectionUri(given.project, { ...given, branch: id }), uri);
    const url = URL.canParse(answer.uri) ? new URL(answer.uri) : undefined;
    const evidence = { branch: given.branch, branchId: id, host: url?.hostname ?? null, pooled: given.pooled };
    if (url?.searchParams.get('sslmode') !== 'require') {
      return {
        outcome: 'failed',
        summary: 'the connection string does not ask for TLS',
        evidence,
        problem: {
          code: 'neon-no-tls',
          what: `The connection string of ${given.branch} has no sslmode=require.`,
          means: `${given.secret} was not set: passwords and data would travel in the clear.`,
          next: ['look at the branch in https://console.neon.tech'],
        },
      };
    }
    context.provide(new Secret(given.secret, Buffer.from(answer.uri)));
    return {
      outcome: 'passed',
      summary: `${given.secret} · ${given.branch} · ${given.database} as ${given.role}`,
      evidence: { ...evidence, database: given.database, role: given.role },
    };
  },
};
