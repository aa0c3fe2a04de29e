import type { RecordOf } from '../journal/records.ts';
import { EXIT, type ExitCode } from '../problem.ts';
import { openItems } from './checklist.ts';
import type { Plan } from './plan.ts';
import { openIncident, type RunState } from './state.ts';
import { isSettled } from './walk.ts';

type Conclusion = RecordOf<'seal'>['outcome'];

/** What of a plan its end depends on; the first record of a journal has it too. */
interface Walk {
  flow: string;
  path: readonly string[];
  steps: readonly { id: string; stage: string }[];
}

/** How a run ended, for its seal: what became of the path, and which checklist items are open. Pure. */
export function conclude(plan: Walk, state: RunState): { outcome: Conclusion; open: string[] } {
  return { outcome: outcomeOf(plan, state), open: openItems(state) };
}

function outcomeOf(plan: Walk, state: RunState): Conclusion {
  if (plan.flow === 'incident' && state.incidents.length > 0 && !openIncident(state)) return 'completed';
  if (plan.path.length > 0 && plan.path.every((id) => isSettled(state, id))) return 'completed';
  const wentBack = plan.steps.some((step) => step.stage === 'rollback' && state.steps[step.id]?.status === 'passed');
  if (wentBack) return 'rolled-back';
  const failed = Object.values(state.steps).some(({ status }) => status === 'failed' || status === 'unknown');
  return failed ? 'failed' : 'abandoned';
}

/** The program's exit code for a sealed run: a failure before any change is told apart from one after it. */
export function exitOf(outcome: Conclusion, plan: Plan, state: RunState): ExitCode {
  if (outcome === 'completed') return EXIT.done;
  if (outcome === 'rolled-back') return EXIT.failedRolledBack;
  const changed = plan.steps.some((step) => step.effect !== 'read' && (state.steps[step.id]?.attempts ?? 0) > 0);
  if (outcome === 'failed') return changed ? EXIT.failed : EXIT.preflight;
  return changed ? EXIT.suspended : EXIT.cancelled;
}
