import { Problem } from '../problem.ts';
import { didYouMean } from '../runbook/nearest.ts';
import type { Every, Flow, Stage } from '../runbook/types.ts';

/** The stages that a flow walks. Redeploy leaves seed out; the others are entered from the menu or with one key. */
export const FLOW_STAGES: Readonly<Record<Flow, readonly Stage[]>> = {
  setup: ['preflight', 'seed', 'deploy', 'verify'],
  redeploy: ['preflight', 'deploy', 'verify'],
  rollback: ['rollback'],
  incident: ['triage'],
  routine: ['routine'],
};

/** Flows of which one part is walked at a time: one way back, one symptom, one routine. Its heading names it. */
export const SECTIONED_FLOWS = ['rollback', 'incident', 'routine'] as const satisfies readonly Flow[];

/** A part of a flow: its steps under one heading. */
export interface Section {
  flow: Flow;
  heading: string;
  steps: number;
  /** How often a routine comes back. */
  every?: Every;
}

/** What a section is made of. */
type Placed = { stage: Stage; headings: readonly string[]; every?: Every };

/** The sections that a runbook offers, by the nearest heading of their steps, in the document's order. Pure. */
export function sectionsOf(steps: readonly Placed[]): Section[] {
  return SECTIONED_FLOWS.flatMap((flow) => {
    const of = steps.filter(({ stage, headings }) => headings.length > 0 && FLOW_STAGES[flow].includes(stage));
    const headings = [...new Set(of.flatMap((step) => step.headings.at(-1) ?? []))];
    return headings.map((heading) => {
      const under = of.filter((step) => step.headings.at(-1) === heading);
      const every = under.find((step) => step.every !== undefined)?.every;
      return { flow, heading, steps: under.length, ...(every === undefined ? {} : { every }) };
    });
  });
}

/**
 * The steps of a flow that stand under a heading, of whatever depth: a chapter's heading means all of it. Pure.
 *
 * @throws Problem section-unknown, with the headings that there are
 */
export function stepsUnder<S extends Placed>(steps: readonly S[], heading: string, file: string): S[] {
  const under = steps.filter(({ headings }) => headings.includes(heading));
  if (under.length > 0) return under;
  const headings = [...new Set(steps.flatMap((step) => step.headings.at(-1) ?? []))];
  throw new Problem({
    code: 'section-unknown',
    what: `No step of this flow stands under the heading "${heading}".`,
    where: { file },
    means: 'Nothing was run.',
    next: didYouMean(heading, headings),
  });
}
