import type { Flow } from '../runbook/types.ts';

/** Something that a rehearsal breaks on purpose, and the walks in which an operator can meet it. */
export interface Drill {
  name: string;
  flows: readonly Flow[];
}

/**
 * `release-unhealthy`: the project's next release starts and never becomes healthy. `migration-fails`: it ends while it
 * migrates the schema. `database-down`: PostgreSQL stops right after a deploy that succeeded; in an incident it is down
 * from the beginning. `backup-disk-full`: old backups have filled the host's disk. `wrong-database-password`: what the app
 * knows as its password is no longer the role's. `expired-token`: the saved login to Fly is over. `constraint-missing`: the
 * database no longer refuses reservations that overlap, in a redeploy since right after it. `worker-stuck`: Celery's worker
 * is in a task that does not end.
 */
export const DRILLS = [
  { name: 'release-unhealthy', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'migration-fails', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'database-down', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'backup-disk-full', flows: ['redeploy', 'incident', 'routine'] },
  { name: 'wrong-database-password', flows: ['incident'] },
  { name: 'expired-token', flows: ['incident'] },
  { name: 'constraint-missing', flows: ['redeploy', 'incident'] },
  { name: 'worker-stuck', flows: ['incident'] },
] as const satisfies readonly Drill[];

export type DrillName = (typeof DRILLS)[number]['name'];

export function isDrill(name: string): name is DrillName {
  return DRILLS.some((drill) => drill.name === name);
}
