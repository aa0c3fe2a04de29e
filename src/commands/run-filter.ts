import { basename } from 'node:path';
import type { RunListing } from './runs.ts';

export const RUN_STATES = [
  'live',
  'stopped',
  'elsewhere',
  'sealed',
  'unreadable',
] as const satisfies readonly RunListing['state'][];

/** Which runs are asked for; what is not given lets every run pass. */
export interface RunFilter {
  env?: string;
  /** A runbook's file, its name without `.md`, or its title. */
  runbook?: string;
  state?: RunListing['state'];
  operator?: string;
}

/** The runs that were asked for, in their order. Pure. */
export function filterRuns(runs: readonly RunListing[], { env, runbook, state, operator }: RunFilter): RunListing[] {
  return runs.filter(
    (run) =>
      (env === undefined || run.environment === env) &&
      (runbook === undefined || [run.runbook, basename(run.runbook, '.md'), run.title].includes(runbook)) &&
      (state === undefined || run.state === state) &&
      (operator === undefined || run.operator === operator),
  );
}
