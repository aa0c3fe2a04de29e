import * as z from 'zod';
import { count } from '../input.ts';
import type { Task } from '../task.ts';
import { eventItem, type ServiceEvent } from './answers.ts';
import { renderClient } from './client.ts';
import { events, written } from './requests.ts';
import { finding, findService, idOf, serviceName } from './service.ts';

const MOST = 200;

const input = z.strictObject({
  service: serviceName,
  hours: count.default(24),
  /** Kinds that must not be among them. */
  forbid: z.array(z.string().min(1)).default(['server_failed']),
});

/** A service's events of the last while: deploys, failures, restarts. */
export const renderEvents: Task<z.infer<typeof input>> = {
  name: 'render/events',
  input,
  effect: 'read',
  tells: true,
  describe: ({ service }) => [written(finding(service)), decodeURIComponent(written(events(idOf(service), '{START}')))],
  async run({ service: name, hours, forbid }, context) {
    const client = renderClient(context);
    const service = await findService(client, name);
    const start = new Date(Date.now() - hours * 3_600_000).toISOString();
    const found = (await client.list(events(service.id, start), eventItem, MOST)).map(({ event }) => event);
    const inOrder = found.toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
    for (const event of inOrder) context.say(inWords(event));
    const counts: Record<string, number> = {};
    for (const { type } of found) counts[type] = (counts[type] ?? 0) + 1;
    const bad = forbid.filter((type) => counts[type] !== undefined);
    const evidence = { service: service.id, hours, counts };
    const summary = `${found.length} events in ${hours} h`;
    if (bad.length === 0) return { outcome: 'passed', summary, evidence };
    return {
      outcome: 'failed',
      summary: `${summary} · ${bad.map((type) => `${counts[type]} × ${type}`).join(', ')}`,
      evidence,
      problem: {
        code: 'render-events',
        what: `In the last ${hours} h: ${bad.map((type) => `${counts[type]} × ${type}`).join(', ')}.`,
        means: 'Nothing was changed: the events were read.',
        next: ['read the log at those times', 'go by the matching symptom in this runbook'],
      },
    };
  },
};

/** `2026-01-01T00:00:00Z deploy_ended dep-… failed`. Pure. */
export function inWords({ timestamp, type, details }: ServiceEvent): string {
  const told = Object.values(details ?? {}).filter((value) => typeof value === 'string' || typeof value === 'number');
  return [timestamp, type, ...told].join(' ');
}
