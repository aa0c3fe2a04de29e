import type { PlannedStep } from '../../src/engine/plan.ts';
import { commandOf } from '../command.ts';
import { type Line, line, paragraph, span } from '../layout/line.ts';
import { plainProse } from '../layout/prose.ts';
import type { Model } from '../ui-state.ts';
import { withValues } from '../walk.ts';
import { promise } from './promise.ts';

/** What a person is asked to do, with the run's values in it. */
export function manualText({ session, width }: Model, step: PlannedStep): Line[] {
  if (!session || step.body.trim() === '') return [];
  return paragraph(plainProse(withValues(step.body, session.plan, session.state)), width, 'plain');
}

/** What Enter means for a step that a person does. */
export function manualLines(model: Model): Line[] {
  return promise(model, model.messages.stage.enterAttests);
}

/** The exact command: as the journal has it, and before the step ran as the plan has it. */
export function commandLines(model: Model, step: PlannedStep): Line[] {
  const { messages, glyphs, width } = model;
  if (step.language === 'manual') return manualText(model, step);
  const { rows, edited } = commandOf(model, step);
  if (rows.join('').trim() === '') return [];
  return [
    edited ? line(span(messages.edit.edited, 'warn')) : line(span(messages.stage.command, 'dim')),
    ...rows.flatMap((row) => paragraph(row, width, 'plain', [span(`  ${glyphs.bar} `, 'dim')])),
  ];
}
