import type { SiteRequest } from '../../../src/engine/site.ts';
import type { Json } from '../../../src/journal/records.ts';
import { askPlatform } from '../../../src/rehearsal/control.ts';
import { openRehearsal, type RehearsalSite } from '../../../src/rehearsal/site.ts';
import type { Runbook, Step } from '../../../src/runbook/types.ts';
import { taskFor } from '../../../tasks/registry.ts';
import type { TaskResult } from '../../../tasks/task.ts';
import { contextFor, type TestContext } from '../context.ts';

export const SERVICE = 'shop-staging';
export const OTHER = 'shop';
export const DATABASE = 'shop-staging-db';
const HOST = `${SERVICE}.onrender.com`;

/** A rehearsal with a workspace on Render, and tasks run against it. */
export interface RenderRehearsal {
  site: RehearsalSite;
  /** Where the service's public address leads. */
  baseUrl: string;
  passwords: Readonly<Record<'PLATFORM_ADMIN_PASSWORD' | 'ADMIN_PASSWORD' | 'STAFF_PASSWORD', string>>;
  context(given?: {
    env?: Record<string, string>;
    signal?: AbortSignal;
    secrets?: Record<string, string>;
  }): TestContext;
  run(uses: string, input: object, at?: TestContext): Promise<TaskResult>;
  /** The stand-in's answer to a test's question. */
  ask(question: string, given?: Json): Promise<Json>;
}

export async function openRender(request: Partial<SiteRequest> = {}): Promise<RenderRehearsal> {
  const values = { service: SERVICE, other_service: OTHER, database: DATABASE, base_url: `https://${HOST}` };
  const site = await openRehearsal({ run: 'render', runbook: runbook(), values, fresh: false, ...request });
  const value = (name: string): string => {
    const position = { line: 1, column: 1 };
    return site.secretFor({ name, ask: name, optional: false, position })?.toString() ?? '';
  };
  const context: RenderRehearsal['context'] = (given = {}) =>
    contextFor({ cwd: site.cwd, timeoutMs: 60_000, ...given, env: { ...site.env, ...given.env } });
  return {
    site,
    baseUrl: site.values(values)['base_url'] ?? '',
    passwords: {
      PLATFORM_ADMIN_PASSWORD: value('PLATFORM_ADMIN_PASSWORD'),
      ADMIN_PASSWORD: value('ADMIN_PASSWORD'),
      STAFF_PASSWORD: value('STAFF_PASSWORD'),
    },
    context,
    async run(uses, input, at = context()) {
      const task = taskFor(uses);
      if (!task) throw new Error(`no task ${uses}`);
      return task.run(task.input.parse(input), at);
    },
    ask: (question, given = null) => askPlatform(site.control, 'render', question, given),
  };
}

function runbook(): Runbook {
  const step = { uses: 'render/ready', body: '', on: { kind: 'local' } } as unknown as Step;
  return {
    file: 'shop.md',
    digest: '',
    title: 'Shop',
    language: 'en',
    timezone: 'UTC',
    environments: {},
    values: {},
    secrets: {},
    steps: [step],
    checklist: [],
  };
}
