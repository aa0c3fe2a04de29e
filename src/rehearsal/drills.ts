import type { Flow } from '../runbook/types.ts';

/** Something that a rehearsal breaks on purpose, and the walks in which an operator can meet it. */
export interface Drill {
  name: string;
  flows: readonly Flow[];
  /** Tasks of the runbook without which there is nothing to break, each by its name's pattern. */
  needs?: readonly RegExp[];
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
  { name: 'backup-disk-full', flows: ['redeploy', 'incident', 'routine'], needs: [/^(host|backup)\//] },
  { name: 'wrong-database-password', flows: ['incident'], needs: [/^(fly\/postgres$|compose\/|neon\/)/] },
  { name: 'expired-token', flows: ['incident'], needs: [/^fly\/ready$/] },
  { name: 'constraint-missing', flows: ['redeploy', 'incident'], needs: [/^fly\/postgres$/, /^http\/race$/] },
  { name: 'worker-stuck', flows: ['incident'], needs: [/^celery\//] },
] as const satisfies readonly Drill[];

export type DrillName = (typeof DRILLS)[number]['name'];

export function isDrill(name: string): name is DrillName {
  return DRILLS.some((drill) => drill.name === name);
}

/** The names of the drills that a runbook can practise, by the tasks of its steps. Pure. */
export function drillsFor(uses: readonly string[]): DrillName[] {
  const drills: readonly (Drill & { name: DrillName })[] = DRILLS;
  return drills.flatMap(({ name, needs = [] }) =>
    needs.every((pattern) => uses.some((task) => pattern.test(task))) ? [name] : [],
  );
}
