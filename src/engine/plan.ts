/**
 * A plan is a runbook with an environment, a flow and values chosen: every step that can run, in order, with no
 * undefined variable left. It is built whole before the first effect (runbook-format, "Rules").
 */
import type { ChecklistItem, Effect, Flow, Guard, SecretSpec, Stage, Step } from '../runbook/types.ts';

export interface PlannedStep extends Step {
  /** Names used in the body or input that an earlier step captures; all others are in `Plan.values`. */
  captured: readonly string[];
}

export interface Plan {
  runbook: { file: string; title: string; digest: string; language: string; timezone: string };
  environment: { name: string; guard: Guard; reason?: string; rehearsal: boolean };
  flow: Flow;
  /** Every value of the run, by name; in a rehearsal the URLs already point at this machine. */
  values: Readonly<Record<string, string>>;
  /** Every step that may run in this environment, in the document's order, off the path too (rollback, triage…). */
  steps: readonly PlannedStep[];
  /** Ids of the steps that the flow walks, in order. */
  path: readonly string[];
  /** The secrets that the steps of the path and their rollbacks need. */
  secrets: readonly SecretSpec[];
  checklist: readonly ChecklistItem[];
}

/** What the journal's `begin` record says of each step of the plan. */
export interface PlanLine {
  id: string;
  stage: Stage;
  title: string;
  uses: string;
  effect: Effect;
}
