import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import type { Task } from '../task.ts';
import { begun, endpointList } from './answers.ts';
import { KEY, send } from './api.ts';
import { branchNamed } from './branches.ts';
import { branchName, projectId } from './input.ts';
import { asRequest, branches, endpoints, restartEndpoint } from './requests.ts';
import { settle } from './settling.ts';

const input = z.strictObject({ project: projectId, branch: branchName.default('main') });

/** Restarts the compute of a branch: its data stays, every connection to it is dropped. */
export const neonRestart: Task<z.infer<typeof input>> = {
  name: 'neon/restart',
  input,
  effect: 'write',
  describe: ({ project, branch }) => [
    asRequest(branches(project, branch)),
    asRequest(endpoints(project, 'BRANCH')),
    asRequest(restartEndpoint(project, 'ENDPOINT')),
  ],
  secrets: () => [KEY],
  async run({ project, branch }, context) {
    const { id } = await branchNamed(context, project, branch);
    const { endpoints: found } = await send(context, endpoints(project, id), endpointList);
    const endpoint = found.find(({ type }) => type === 'read_write');
    if (!endpoint) {
      throw new Problem(
        {
          code: 'neon-no-endpoint',
          what: `The branch ${branch} has no compute to write through.`,
          means: 'Nothing was changed.',
          next: [`neon branches add-compute ${branch} --project-id ${project}`],
        },
        EXIT.failed,
      );
    }
    const answer = await send(context, restartEndpoint(project, endpoint.id), begun);
    const operations = await settle(context, project, answer.operations);
    return {
      outcome: 'passed',
      summary: `the compute of ${branch} was restarted`,
      evidence: {
        branch,
        endpoint: endpoint.id,
        operations: operations.map(({ action, status }) => ({ action, status })),
      },
    };
  },
};
