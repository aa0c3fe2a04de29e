/** GitHub behind `gh`: environments with secrets and variables by name, and workflow runs that wait for their reviewers. */
import { randomBytes } from 'node:crypto';
import type { StandInKind } from '../stand-in.ts';
import { gh } from './gh.ts';
import { createRepository, environmentOf } from './repository.ts';

export const github: StandInKind = {
  name: 'github',
  needed: (uses, bodies) =>
    uses.some((task) => task.startsWith('github/')) || bodies.some((body) => /^\s*gh\s/m.test(body)),
  async start(ground) {
    const token = `ghp_${randomBytes(18).toString('hex')}`;
    const repository = await createRepository(ground, token);
    return {
      programs: { gh: (call) => gh(repository, call) },
      env: { GH_TOKEN: token },
      details: { repository: repository.name },
      ask(question, given) {
        const { environment = '', name = '' } = (given ?? {}) as { environment?: string; name?: string };
        const found = environmentOf(repository, environment);
        if (question === 'forget-secret') found?.secrets.delete(name);
        if (question === 'forget-reviewers') found?.reviewers.splice(0);
        if (question === 'review-ms') repository.reviewMs = given as number;
        return repository.runs.map(({ id, status, conclusion, inputs }) => ({
          id,
          status,
          conclusion,
          inputs: { ...inputs },
        }));
      },
      async stop() {},
    };
  },
};
