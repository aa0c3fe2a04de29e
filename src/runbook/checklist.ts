import { STEP_ID } from './attributes.ts';
import { didYouMean } from './nearest.ts';
import type { Task } from './outline.ts';
import type { Report, Source } from './source.ts';
import type { ChecklistItem, Position } from './types.ts';

/** The binding at an item's end: `{step}` or `{step,step}`. Braces that hold anything else are text. */
const BINDING = /\s*\{([\w\s,-]+)\}\s*$/;

/** The checklist: every `- [ ]` line of the document, in order. An item bound to an unknown step is reported. */
export function readChecklist(
  source: Source,
  tasks: readonly Task[],
  stepIds: readonly string[],
  report: Report,
): ChecklistItem[] {
  return tasks.map((task, index) => {
    if (task.checked) {
      const next = ['write `- [ ]`: the run ticks it, in its journal'];
      report(
        { code: 'checklist-checked', what: 'A runbook’s checklist is not ticked in the document.', next },
        task.position,
      );
    }
    const text = task.text.replace(BINDING, '').trim();
    if (text === '') {
      const next = ['say what has to be true'];
      report({ code: 'checklist-empty', what: 'This line of the checklist says nothing.', next }, task.position);
    }
    return { id: `item-${index + 1}`, text, steps: boundSteps(source, task, stepIds, report), position: task.position };
  });
}

function boundSteps(source: Source, task: Task, stepIds: readonly string[], report: Report): string[] {
  const raw = source.text.slice(task.start, task.end);
  const binding = BINDING.exec(raw)?.[1];
  if (binding === undefined) return [];
  const start = raw.lastIndexOf(`{${binding}}`) + 1;
  const steps: string[] = [];
  for (const match of binding.matchAll(/[^,]+/g)) {
    const id = match[0].trim();
    const at = positionOf(source, task.start + start + match.index + match[0].indexOf(id));
    if (!STEP_ID.test(id) || !stepIds.includes(id)) {
      const next = didYouMean(id, stepIds);
      report({ code: 'step-unknown', what: `No step has the id \`${id}\`.`, next }, at);
    } else if (steps.includes(id)) {
      report({ code: 'checklist-twice', what: `\`${id}\` is named twice.`, next: ['name it once'] }, at);
    } else steps.push(id);
  }
  return steps;
}

function positionOf(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
