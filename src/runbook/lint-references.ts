import type { AttributeName } from './fence.ts';
import type { Draft } from './lint.ts';
import { didYouMean } from './nearest.ts';
import type { Report } from './source.ts';
import type { LocatedStep } from './steps.ts';
import { GUIDED_STAGES, type Position } from './types.ts';

/** `needs`, `undo`, `probe` and `from`: each names a step that exists, that fits, and that comes in time. */
export function lintReferences({ steps, secrets }: Draft, report: Report): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const find = (id: string, at: Position): LocatedStep | undefined => {
    const found = byId.get(id);
    if (found === undefined) {
      const next = didYouMean(id, [...byId.keys()]);
      report({ code: 'step-unknown', what: `No step has the id \`${id}\`.`, next }, at);
    }
    return found;
  };

  const cyclic = reportCycles(steps, byId, report);
  for (const step of steps) {
    step.needs.forEach((id, index) => {
      const at = itemAt(step, 'needs', step.needs, index);
      const needed = find(id, at);
      if (needed !== undefined && !cyclic.has(step.id)) lintNeed(step, needed, steps, at, report);
    });
    if (step.undo !== undefined) {
      const undo = find(step.undo, step.at('undo'));
      if (undo !== undefined && undo.stage !== 'rollback') {
        const next = [`make ${undo.id} a rollback step, or name one`];
        report(
          { code: 'undo-stage', what: `\`${undo.id}\` is a ${undo.stage} step, and undo names a rollback.`, next },
          step.at('undo'),
        );
      }
    }
    if (step.probe !== undefined) {
      const probe = find(step.probe, step.at('probe'));
      if (probe !== undefined && probe.effect !== 'read') {
        const next = ['a probe only looks whether the step took effect: name a read step'];
        report({ code: 'probe-writes', what: `\`${probe.id}\` changes things.`, next }, step.at('probe'));
      }
    }
  }
  for (const { from, position } of Object.values(secrets)) for (const id of from ?? []) find(id, position);
}

/** Position of one item of a comma-separated attribute. */
export function itemAt(step: LocatedStep, name: AttributeName, items: readonly string[], index: number): Position {
  const start = step.at(name);
  const before = items.slice(0, index).reduce((sum, item) => sum + item.length + 1, 0);
  return { line: start.line, column: start.column + before };
}

function lintNeed(
  step: LocatedStep,
  needed: LocatedStep,
  steps: readonly LocatedStep[],
  at: Position,
  report: Report,
): void {
  const guided = (each: LocatedStep) => GUIDED_STAGES.some((stage) => stage === each.stage);
  if (guided(step) && !guided(needed)) {
    const what = `\`${needed.id}\` is a ${needed.stage} step, which the way to \`${step.id}\` does not pass.`;
    report({ code: 'needs-unreachable', what, next: ['name a step of the guided path'] }, at);
  } else if (steps.indexOf(needed) > steps.indexOf(step)) {
    const next = [`move ${needed.id} above ${step.id}`];
    report({ code: 'needs-order', what: `\`${needed.id}\` comes after the step that needs it.`, next }, at);
  }
}

/** Steps that lead back to themselves through needs, undo or probe. Each circle is reported once, at its first step. */
function reportCycles(
  steps: readonly LocatedStep[],
  byId: ReadonlyMap<string, LocatedStep>,
  report: Report,
): Set<string> {
  const cyclic = new Set<string>();
  const edges = (step: LocatedStep): { id: string; attribute: AttributeName; index: number }[] => [
    ...step.needs.map((id, index) => ({ id, attribute: 'needs' as const, index })),
    ...(step.undo === undefined ? [] : [{ id: step.undo, attribute: 'undo' as const, index: 0 }]),
    ...(step.probe === undefined ? [] : [{ id: step.probe, attribute: 'probe' as const, index: 0 }]),
  ];
  for (const start of steps) {
    if (cyclic.has(start.id)) continue;
    for (const first of edges(start)) {
      const trail = pathBack(first.id, start.id, (id) => edges(byId.get(id) ?? start).map((edge) => edge.id), byId);
      if (trail === undefined) continue;
      for (const id of [start.id, ...trail]) cyclic.add(id);
      const what = `These steps wait for each other: ${[start.id, ...trail].join(' → ')}.`;
      const at =
        first.attribute === 'needs' ? itemAt(start, 'needs', start.needs, first.index) : start.at(first.attribute);
      report({ code: 'cycle', what, next: ['take one of the references out'] }, at);
      break;
    }
  }
  return cyclic;
}

/** The shortest way from `from` to `to`, both included; undefined when there is none. */
function pathBack(
  from: string,
  to: string,
  edges: (id: string) => readonly string[],
  known: ReadonlyMap<string, unknown>,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    if (id === to) {
      const trail: string[] = [];
      for (let at: string | undefined = id; at !== undefined; at = cameFrom.get(at)) trail.unshift(at);
      return trail;
    }
    for (const next of edges(id)) {
      if (!known.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return undefined;
}
