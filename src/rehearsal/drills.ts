import type { Flow } from '../runbook/types.ts';

/** Something that a rehearsal breaks on purpose, and the walks in which an operator can meet it. */
export interface Drill {
  name: string;
  flows: readonly Flow[];
}

/**
 * `release-unhealthy`: the project's next release starts and never becomes healthy. `migration-fails`: it ends while it
 * migrates the schema. `database-down`: PostgreSQL stops right after a deploy that succeeded; in an incident it is down
 * from the beginning. `backup-disk-full`: old backups have filled the host's disk.
 */
export const DRILLS = [
  { name: 'release-unhealthy', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'migration-fails', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'database-down', flows: ['setup', 'redeploy', 'incident'] },
  { name: 'backup-disk-full', flows: ['redeploy', 'incident', 'routine'] },
] as const satisfies readonly Drill[];

export type DrillName = (typeof DRILLS)[number]['name'];

export function isDrill(name: string): name is DrillName {
  return DRILLS.some((drill) => drill.name === name);
}
