import * as z from 'zod';
import { asTyped } from '../as-typed.ts';
import type { Task } from '../task.ts';
import { engineVersion, listServices, validate, version } from './commands.ts';
import { readServices } from './containers.ts';
import { projectInput, serviceName } from './project.ts';
import { ask } from './reading.ts';

const input = z.strictObject({ ...projectInput, services: z.array(serviceName).min(1).optional() });

/** Compose is there, the engine answers, and the project's file is valid and has the services. */
export const composeReady: Task<z.infer<typeof input>> = {
  name: 'compose/ready',
  input,
  effect: 'read',
  describe: (project) => [version(project), engineVersion(), validate(project), listServices(project)].map(asTyped),
  async run({ services = [], ...project }, context) {
    const found = (await ask(context, version(project))).trim();
    const engine = (await ask(context, engineVersion())).trim();
    await ask(context, validate(project));
    const declared = await readServices(context, project);
    const evidence = { cli: project.cli, version: found, engine, services: declared };
    const summary = `${project.cli} ${found} · engine ${engine} · ${declared.length} services`;
    const missing = services.filter((service) => !declared.includes(service));
    if (missing.length === 0) return { outcome: 'passed', summary, evidence };
    return {
      outcome: 'failed',
      summary: `not in the file: ${missing.join(', ')}`,
      evidence,
      problem: {
        code: 'compose-no-service',
        what: `The compose file does not declare ${missing.join(', ')}.`,
        means: `It declares ${declared.join(', ') || 'nothing'}.`,
        next: [asTyped(listServices(project)), 'see whether it is the right file and the right revision: git log -1'],
      },
    };
  },
};
