import * as z from 'zod';

/** What tejun reads of Render's answers; whatever else they hold is left alone. */

export const userAnswer = z.looseObject({ email: z.string(), name: z.string().optional() });

export const ownerItem = z.looseObject({ owner: z.looseObject({ id: z.string(), name: z.string() }) });

export const serviceAnswer = z.looseObject({
  id: z.string(),
  name: z.string(),
  ownerId: z.string(),
  type: z.string(),
  suspended: z.string().optional(),
  autoDeploy: z.string().optional(),
  branch: z.string().optional(),
  dashboardUrl: z.string().optional(),
  serviceDetails: z.looseObject({ url: z.string().optional() }).optional(),
});
export type Service = z.infer<typeof serviceAnswer>;

export const serviceItem = z.looseObject({ service: serviceAnswer });

export const envVarItem = z.looseObject({ envVar: z.looseObject({ key: z.string(), value: z.string() }) });

/** Of one variable after it was set. Its value comes back in clear, and is not read. */
export const envVarAnswer = z.looseObject({ key: z.string().optional() });

export const deployAnswer = z.looseObject({
  id: z.string(),
  status: z.string(),
  trigger: z.string().optional(),
  commit: z.looseObject({ id: z.string(), message: z.string().optional() }).nullish(),
  image: z.looseObject({ ref: z.string().optional() }).nullish(),
  createdAt: z.string(),
  finishedAt: z.string().nullish(),
});
export type Deploy = z.infer<typeof deployAnswer>;

export const deployItem = z.looseObject({ deploy: deployAnswer });

/** The status may be absent at first. */
export const jobAnswer = z.looseObject({
  id: z.string(),
  status: z.string().optional(),
  startCommand: z.string().optional(),
  createdAt: z.string().optional(),
});
export type Job = z.infer<typeof jobAnswer>;

export const logLine = z.looseObject({ id: z.string(), message: z.string(), timestamp: z.string() });
export type LogLine = z.infer<typeof logLine>;

export const logsAnswer = z.looseObject({
  hasMore: z.boolean(),
  nextStartTime: z.string().optional(),
  nextEndTime: z.string().optional(),
  logs: z.array(logLine),
});

export const eventItem = z.looseObject({
  event: z.looseObject({
    id: z.string(),
    type: z.string(),
    timestamp: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ServiceEvent = z.infer<typeof eventItem>['event'];

export const databaseItem = z.looseObject({
  postgres: z.looseObject({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    suspended: z.string().optional(),
    version: z.string().optional(),
    plan: z.string().optional(),
    diskSizeGB: z.number().nullish(),
    expiresAt: z.string().nullish(),
  }),
});
export type Database = z.infer<typeof databaseItem>['postgres'];

export const connectionAnswer = z.looseObject({ internalConnectionString: z.string() });
