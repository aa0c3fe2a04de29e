import type { AttributeName } from './fence.ts';
import type { Draft } from './lint.ts';
import { didYouMean } from './nearest.ts';
import type { Report } from './source.ts';
import type { LocatedStep } from './steps.ts';
import type { StepLanguage } from './types.ts';

const SCRIPTS: readonly StepLanguage[] = ['bash', 'sh', 'python'];
const COMMANDS: readonly StepLanguage[] = [...SCRIPTS, 'yaml'];

/** Attributes that mean something only in some languages. */
const ONLY_IN: Partial<Record<AttributeName, readonly StepLanguage[]>> = {
  uses: ['yaml'],
  on: COMMANDS,
  exit: SCRIPTS,
  expect: [...COMMANDS, 'http', 'sql'],
  capture: [...COMMANDS, 'http', 'sql'],
  retry: [...COMMANDS, 'http', 'sql'],
  output: [...COMMANDS, 'http', 'sql'],
  secrets: [...COMMANDS, 'http', 'sql'],
};

/** Attributes that a step cannot have because of its language, its stage or its other attributes. */
export function lintAttributes({ steps, environments, values }: Draft, report: Report): void {
  for (const step of steps) {
    lintLanguage(step, report);
    lintEffect(step, report);
    lintPlace(step, steps, report);
    lintWhen(step, { environments, values }, report);
    lintEvery(step, steps, report);
  }
}

function lintLanguage(step: LocatedStep, report: Report): void {
  for (const [name, languages] of Object.entries(ONLY_IN) as [AttributeName, readonly StepLanguage[]][]) {
    if (!says(step, name) || languages.includes(step.language)) continue;
    const next = [`leave it out; it is for ${languages.join(', ')}`];
    report(
      { code: 'attribute-misplaced', what: `\`${name}\` means nothing in ${step.language}.`, next },
      step.at(name),
    );
  }
  if (step.language === 'yaml' && !says(step, 'uses')) {
    const next = ['name the task: uses=fly/deploy'];
    report({ code: 'uses-missing', what: 'Which task does this step use?', next }, step.position);
  }
  if (step.language === 'sql' && step.secrets.length === 0) {
    const next = ['name the secret that holds its URL: secrets=DATABASE_URL'];
    report({ code: 'secret-missing', what: 'Which database does this run on?', next }, step.position);
  }
}

/** Whether the document gives the attribute; those with a default are never absent from the step itself. */
function says(step: LocatedStep, name: AttributeName): boolean {
  return step.given.has(name);
}

function lintEffect(step: LocatedStep, report: Report): void {
  if (step.stage === 'triage' && step.effect !== 'read') {
    const next = ['make it a remedy, under the same heading'];
    report({ code: 'triage-writes', what: 'Triage only looks.', next }, step.at('effect'));
  }
  if (step.effect === 'read' && step.undo !== undefined) {
    const next = ['leave undo out, or declare effect=write'];
    report({ code: 'undo-of-read', what: 'There is nothing to undo: this step only reads.', next }, step.at('undo'));
  }
  if (step.effect === 'destroy' && step.retry !== undefined) {
    const next = ['leave retry out'];
    report({ code: 'retry-destroys', what: 'What destroys is never repeated by itself.', next }, step.at('retry'));
  }
  if (step.retry !== undefined && step.budget !== undefined && step.retry.times + 1 > step.budget) {
    const most = step.budget - 1;
    const next = most < 1 ? ['leave retry out'] : [`retry=${most}x… at most: the first try counts too`];
    const what = `${step.retry.times} retries do not fit in a budget of ${step.budget}.`;
    report({ code: 'retry-over-budget', what, next }, step.at('retry'));
  }
}

/** The symptom that a step stands under: the nearest heading. */
function lintPlace(step: LocatedStep, steps: readonly LocatedStep[], report: Report): void {
  const needsHeading = step.stage === 'triage' || step.stage === 'routine';
  if (needsHeading && step.headings.length === 0) {
    const shown = step.stage === 'triage' ? 'the symptom that is offered in an incident' : 'what the menu offers';
    const next = [`put a heading above it: it is ${shown}`];
    report({ code: 'heading-missing', what: `This ${step.stage} step has no heading.`, next }, step.position);
  }
  if (step.stage !== 'remedy') return;
  const reachable = steps.some(
    ({ stage, headings }) => stage === 'triage' && headings.every((heading, depth) => step.headings[depth] === heading),
  );
  if (reachable) return;
  const next = ['put a triage step under the same heading'];
  report({ code: 'remedy-unreachable', what: 'No triage step leads to this remedy.', next }, step.position);
}

function lintWhen(
  step: LocatedStep,
  { environments, values }: Pick<Draft, 'environments' | 'values'>,
  report: Report,
): void {
  if (step.when === undefined) return;
  const [name = '', value] = step.when.split(/=(.*)/s);
  if (name === 'env' && value !== undefined) {
    const known = [...Object.keys(environments), 'rehearsal'];
    if (known.includes(value)) return;
    const next = didYouMean(value, known);
    const at = step.at('when');
    report(
      { code: 'environment-unknown', what: `No environment is called \`${value}\`.`, next },
      { ...at, column: at.column + 4 },
    );
    return;
  }
  const known = [...Object.keys(values), ...Object.values(environments).flatMap((each) => Object.keys(each.values))];
  if (!known.includes(name)) {
    const next = [
      ...didYouMean(name, known),
      'it is decided before the first step runs, so it cannot be a captured name',
    ];
    report({ code: 'variable-undeclared', what: `No value is called \`${name}\`.`, next }, step.at('when'));
    return;
  }
  const choices = values[name]?.choices;
  if (value !== undefined && choices !== undefined && !choices.includes(value)) {
    const next = didYouMean(value, choices);
    const at = step.at('when');
    const what = `\`${name}\` is never \`${value}\`, so this step is never reached.`;
    report({ code: 'when-unreachable', what, next }, { ...at, column: at.column + name.length + 1 });
  }
}

/** A routine comes back as often as one of its steps says, and no two say otherwise. */
function lintEvery(step: LocatedStep, steps: readonly LocatedStep[], report: Report): void {
  if (step.every === undefined) return;
  if (step.stage !== 'routine') {
    const next = ['leave it out; it is for routine steps'];
    report({ code: 'attribute-misplaced', what: `\`every\` means nothing in ${step.stage}.`, next }, step.at('every'));
    return;
  }
  const heading = step.headings.at(-1);
  const first = steps.find(({ every, headings }) => every !== undefined && headings.at(-1) === heading);
  if (first === undefined || first.every === step.every) return;
  const what = `This routine comes back every ${first.every} at line ${first.position.line}, and every ${step.every} here.`;
  report({ code: 'every-twice', what, next: ['say it once, at its first step'] }, step.at('every'));
}
