import * as z from 'zod';

/**
 * What tejun reads of Neon's answers. Anything else in them is dropped here, above all `connection_uris`, which hold
 * passwords.
 */

export const project = z.object({
  project: z.object({
    id: z.string(),
    name: z.string(),
    region_id: z.string(),
    /** How far back a branch can be made or restored; the retention of the history, in seconds. */
    history_retention_seconds: z.number(),
  }),
});

export const branch = z.object({
  id: z.string(),
  name: z.string(),
  parent_id: z.string().nullish(),
  parent_timestamp: z.string().nullish(),
  /** init, resetting, ready or archived. */
  current_state: z.string(),
  default: z.boolean().optional(),
  created_at: z.string(),
});

export const branchPage = z.object({
  branches: z.array(branch),
  pagination: z.object({ next: z.string().nullish() }).nullish(),
});

export const operation = z.object({
  id: z.string(),
  action: z.string(),
  status: z.enum(['scheduling', 'running', 'finished', 'failed', 'error', 'cancelling', 'cancelled', 'skipped']),
  error: z.string().nullish(),
  branch_id: z.string().nullish(),
});

export const operationAnswer = z.object({ operation });

export const operationPage = z.object({
  operations: z.array(operation),
  pagination: z.object({ cursor: z.string().nullish() }).nullish(),
});

export const endpoint = z.object({ id: z.string(), host: z.string(), type: z.string() });

export const endpointList = z.object({ endpoints: z.array(endpoint) });

export const changed = z.object({ branch, operations: z.array(operation), endpoints: z.array(endpoint).optional() });

export const begun = z.object({ operations: z.array(operation) });

export const uri = z.object({ uri: z.string() });

export const failure = z.object({
  code: z.string().optional(),
  message: z.string(),
  request_id: z.string().optional(),
});

export type Branch = z.infer<typeof branch>;
export type Operation = z.infer<typeof operation>;
