import { widthOf, wrap } from '../../screens/layout/text.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { buildPlan, type Plan, type PlannedStep } from '../engine/plan.ts';
import { formatDuration } from '../runbook/duration.ts';
import { parseHttp } from '../runbook/http-body.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Effect, Flow, Guard, Place, SecretSpec } from '../runbook/types.ts';
import { parseSettings } from './settings.ts';

export interface PlanOptions {
  /** A file, or the name of a runbook that comes with tejun. */
  runbook: string;
  environment: string;
  flow: Flow;
  /** Heading of the routine, symptom or way back that is meant. */
  section?: string | undefined;
  /** `NAME=VALUE`, each. */
  set: readonly string[];
  json: boolean;
}

/**
 * `tejun plan`: every step that would run, in order, before anything does.
 *
 * @returns the text to print, or a JSON document (docs/runbook-format.md, "Plan as JSON")
 * @throws Problem, RunbookError as `loadRunbook` and `buildPlan` do; set-malformed for a `--set` without `=`
 */
export async function planCommand({
  runbook: path,
  environment,
  flow,
  section,
  set,
  json,
}: PlanOptions): Promise<string> {
  const runbook = await loadRunbook(path);
  const plan = buildPlan(runbook, {
    environment,
    flow,
    ...(section === undefined ? {} : { section }),
    values: parseSettings(set),
    tasks: taskFor,
    taskNames: TASK_NAMES,
  });
  return json ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planText(plan);
}

/** The plan for scripts: the plan itself, with the commands of each step. */
export function planJson(plan: Plan): object {
  const steps = plan.steps.map((step) => ({ ...step, commands: step.command }));
  return { tejun: 1, ...plan, steps };
}

/** The plan for people, for a terminal of 80 columns; effects that change something are in capitals. */
export function planText(plan: Plan): string {
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const path = plan.path.flatMap((id) => byId.get(id) ?? []);
  const others = plan.steps.filter(({ id }) => !plan.path.includes(id));
  const changes = path.filter(({ effect }) => effect !== 'read').length;
  const lines = [
    plan.runbook.title,
    `${plan.environment.name} · ${plan.flow}${plan.section === undefined ? '' : ` (${plan.section})`} · ${count(path.length, 'step')}, ${changing(changes)}`,
    `${plan.runbook.file} · sha256 ${plan.runbook.digest.slice(0, 16)}…`,
    '',
    `${GUARD_WORDS[plan.environment.guard]}${plan.environment.reason ? ` (${plan.environment.reason})` : ''}`,
    ...pairs('Values', Object.entries(plan.values)),
  ];
  let stage: string | undefined;
  for (const [index, step] of path.entries()) {
    if (step.stage !== stage) lines.push('', step.stage.toUpperCase());
    stage = step.stage;
    lines.push('', ...stepLines(step, index + 1));
  }
  lines.push(...otherLines(others), ...secretLines(plan.secrets), ...checklistLines(plan), '', 'Nothing was run.', '');
  return lines.join('\n');
}

const GUARD_WORDS: Readonly<Record<Guard, string>> = {
  open: 'Nothing is asked before the first change.',
  confirm: 'A confirmation is asked for before the first change.',
  typed: 'The name of the environment has to be typed before the first change.',
  approve: 'A second person has to approve before the first change.',
  sealed: 'Sealed.',
};

const EFFECT_WORDS: Readonly<Record<Effect, string>> = { read: 'read', write: 'WRITE', destroy: 'DESTROY' };

/** The terminal that an operator has at the worst moment. */
const COLUMNS = 80;
const INDENT = '     ';

function stepLines(step: PlannedStep, number: number): string[] {
  const room = COLUMNS - INDENT.length - 2;
  return [
    ...hanging(`${String(number).padStart(3)}  ${EFFECT_WORDS[step.effect].padEnd(7)}  `, step.title),
    ...joined(facts(step), COLUMNS - INDENT.length).map((line) => INDENT + line),
    ...step.command
      .flatMap((command) => command.split('\n'))
      .flatMap((line) => shownLines(step, line, room))
      .map((line) => `${INDENT}│ ${line}`.trimEnd()),
    ...conditions(step).map((text) => `${INDENT}✓ ${text}`),
  ];
}

/** What an http step's answer must be. */
function conditions(step: PlannedStep): string[] {
  if (step.language !== 'http') return [];
  const assertions = parseHttp(step.body).request?.assertions ?? [];
  return assertions.length === 0 ? ['status 200 to 299'] : assertions.map(({ text }) => text);
}

/** A line of a step as it is shown. Scripts stay as they are; commands and sentences are broken where that is harmless. */
function shownLines(step: PlannedStep, line: string, room: number): string[] {
  if (step.language === 'manual') return wrap(line, room);
  return step.language === 'yaml' && /^[a-z]+ /.test(line) ? continued(line, room) : [line];
}

/** A command in lines that fit, each but the last ending in `\`, so that it can still be pasted; its remark goes above. */
function continued(text: string, room: number): string[] {
  if (widthOf(text) <= room) return [text];
  const [command = '', remark] = text.split(/ +(?=# )/);
  const lines: string[] = [];
  for (const piece of command.split(/ (?=-{1,2}[a-z]|\|)/)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${piece}`) <= room - 2) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(last === undefined ? piece : `  ${piece}`);
  }
  const broken = lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
  return remark === undefined ? broken : [remark, ...broken];
}

/** What there is to know of a step beside its commands. */
function facts(step: PlannedStep): string[] {
  const many = (word: string, names: readonly string[]) => (names.length === 0 ? [] : [`${word} ${names.join(', ')}`]);
  return [
    step.id,
    ...(step.uses === step.id ? [] : [step.uses]),
    ...(step.on.kind === 'local' ? [] : [`on ${placeName(step.on)}`]),
    ...(step.language === 'manual' ? ['done by a person'] : [`up to ${formatDuration(step.timeoutMs)}`]),
    ...(step.retry ? [`tried again ${step.retry.times}×, ${formatDuration(step.retry.delayMs)} apart`] : []),
    ...(step.budget === undefined ? [] : [`at most ${step.budget}× in a run`]),
    ...many('after', step.needs),
    ...many(
      'sees',
      step.secrets.map((name) => `$${name}`),
    ),
    ...many(
      'captures',
      step.capture.map(({ name }) => name),
    ),
    ...(step.undo === undefined ? [] : [`undone by ${step.undo}`]),
    ...(step.probe === undefined ? [] : [`probed by ${step.probe}`]),
    ...(step.output === 'suppress' ? ['output not kept'] : []),
  ];
}

/** Facts joined by dots, in lines of at most so many columns; a list that is longer goes on in the next line. */
function joined(parts: readonly string[], columns: number): string[] {
  return packed(
    parts.flatMap((part) => packed(part.split(/(?<=,) /), ' ', columns)),
    ' · ',
    columns,
  );
}

/** Pieces put side by side while they fit. */
function packed(pieces: readonly string[], between: string, columns: number): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = lines.length === 0 ? undefined : lines.at(-1) + between + piece;
    if (longer !== undefined && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines;
}

function placeName(on: Place): string {
  switch (on.kind) {
    case 'local':
      return 'this host';
    case 'ssh':
      return `ssh:${on.host}`;
    case 'fly':
      return `fly:${on.app}`;
    case 'compose':
      return `compose:${on.service}`;
  }
}

function otherLines(others: readonly PlannedStep[]): string[] {
  if (others.length === 0) return [];
  const stageWidth = Math.max(...others.map(({ stage }) => stage.length));
  const idWidth = Math.max(...others.map(({ id }) => id.length));
  return [
    '',
    'NOT ON THIS PATH',
    '',
    ...others.flatMap(({ stage, effect, id, title }) =>
      hanging(`  ${stage.padEnd(stageWidth)}  ${EFFECT_WORDS[effect].padEnd(7)} ${id.padEnd(idWidth)}  `, title),
    ),
  ];
}

function secretLines(secrets: readonly SecretSpec[]): string[] {
  const how = ({ ask, from, optional }: SecretSpec) =>
    from === undefined ? `${ask}${optional ? ' (may be left out)' : ''}` : `not asked: ${from} yields it`;
  return pairs(
    'Secrets',
    secrets.map((secret) => [secret.name, how(secret)]),
  );
}

function checklistLines({ checklist }: Plan): string[] {
  if (checklist.length === 0) return [];
  const proven = checklist.filter(({ steps }) => steps.length > 0).length;
  const people = checklist.length - proven;
  const ways = [`${proven} proven by steps`, ...(people === 0 ? [] : [`${people} attested by a person`])];
  return ['', `CHECKLIST: ${count(checklist.length, 'line')}, ${ways.join(', ')}`];
}

function pairs(heading: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  const rows = entries.flatMap(([name, text]) => hanging(`  ${name.padEnd(width)}  `, text));
  return ['', heading.toUpperCase(), '', ...rows];
}

/** A text behind its label, in lines that fit. */
function hanging(label: string, text: string): string[] {
  const columns = Math.max(COLUMNS - label.length, 20);
  return wrap(text, columns).map((line, index) => (index === 0 ? label : ' '.repeat(label.length)) + line);
}

/** How many steps change something, in words. */
function changing(steps: number): string {
  if (steps === 0) return 'none of which changes anything';
  return steps === 1 ? '1 changes something' : `${steps} change something`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
