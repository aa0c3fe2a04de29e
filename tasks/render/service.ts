import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import { type Service, serviceAnswer, serviceItem } from './answers.ts';
import type { RenderClient } from './client.ts';
import { type ApiRequest, PAGE, service, servicesNamed } from './requests.ts';

/** A service by its name or its id (`srv-…`). */
export const serviceName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a service’s name or id (srv-…)');

/** What stands for a service's id in a plan, where only its name is known. */
export function idOf(name: string): string {
  return isId(name) ? name : '{SERVICE_ID}';
}

/** The request that finds a service. Pure. */
export function finding(name: string): ApiRequest {
  return isId(name) ? service(name) : servicesNamed(name);
}

/**
 * Finds a service by name or id.
 *
 * @throws Problem render-service-not-found, render-service-ambiguous
 */
export async function findService(client: RenderClient, name: string): Promise<Service> {
  if (isId(name)) return client.read(finding(name), serviceAnswer);
  const items = await client.list(finding(name), serviceItem, PAGE);
  const found = items.map((item) => item.service).filter((each) => each.name === name);
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  throw new Problem(
    first === undefined
      ? {
          code: 'render-service-not-found',
          what: `Render knows no service ${name} that this key can see.`,
          means: 'It does not exist, is spelt otherwise, or belongs to another workspace. Nothing was changed.',
          next: ['check the name in the dashboard', 'check whose key RENDER_API_KEY is'],
        }
      : {
          code: 'render-service-ambiguous',
          what: `${found.length} services are called ${name}: ${found.map(({ id }) => id).join(', ')}.`,
          means: 'Several workspaces have one of that name. Nothing was changed.',
          next: ['name the service by its id (srv-…)'],
        },
    EXIT.failed,
  );
}

function isId(name: string): boolean {
  return /^(srv|crn)-/.test(name);
}
