import { hostEnvironment } from '../exec/environment.ts';
import type { Site } from './site.ts';

/** The operator's own host: steps run in the directory and with the tools from which tejun was started. */
export function hostSite(env: Readonly<Record<string, string | undefined>>, cwd: string): Site {
  return {
    cwd,
    env: hostEnvironment(env),
    values: (values) => values,
    secretFor: () => undefined,
    close: async () => {},
  };
}
