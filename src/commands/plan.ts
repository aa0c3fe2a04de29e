import { pad, widthOf, wrap } from '../../screens/layout/text.ts';
import { TASK_NAMES, taskFor } from '../../tasks/registry.ts';
import { buildPlan, type Plan, type PlannedStep } from '../engine/plan.ts';
import { type Locale, MESSAGES } from '../locale/index.ts';
import { PRINTED_MESSAGES, type PrintedMessages } from '../locale/printed/index.ts';
import { REPORT_MESSAGES } from '../locale/report/index.ts';
import { formatDuration } from '../runbook/duration.ts';
import { parseHttp } from '../runbook/http-body.ts';
import { loadRunbook } from '../runbook/load.ts';
import type { Flow, Place, SecretSpec } from '../runbook/types.ts';
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
  /** Of the text. */
  locale?: Locale;
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
  locale = 'en',
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
  return json ? `${JSON.stringify(planJson(plan), null, 2)}\n` : planText(plan, locale);
}

/** The plan for scripts: the plan itself, with the commands of each step. */
export function planJson(plan: Plan): object {
  const steps = plan.steps.map((step) => ({ ...step, commands: step.command }));
  return { tejun: 1, ...plan, steps };
}

/** The plan for people, for a terminal of 80 columns; effects that change something stand out without colour. */
export function planText(plan: Plan, locale: Locale): string {
  const said = PRINTED_MESSAGES[locale].plan;
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  const path = plan.path.flatMap((id) => byId.get(id) ?? []);
  const others = plan.steps.filter(({ id }) => !plan.path.includes(id));
  const changes = path.filter(({ effect }) => effect !== 'read').length;
  const flow = REPORT_MESSAGES[locale].flows[plan.flow];
  const lines = [
    plan.runbook.title,
    `${plan.environment.name} · ${flow}${plan.section === undefined ? '' : ` (${plan.section})`} · ${said.steps(path.length, changes)}`,
    `${plan.runbook.file} · sha256 ${plan.runbook.digest.slice(0, 16)}…`,
    '',
    `${said.guards[plan.environment.guard]}${plan.environment.reason ? ` (${plan.environment.reason})` : ''}`,
    ...pairs(said.values, Object.entries(plan.values)),
  ];
  let stage: string | undefined;
  for (const [index, step] of path.entries()) {
    if (step.stage !== stage) lines.push('', MESSAGES[locale].stages[step.stage].toUpperCase());
    stage = step.stage;
    lines.push('', ...stepLines(step, index + 1, said));
  }
  lines.push(
    ...otherLines(others, said),
    ...secretLines(plan.secrets, said),
    ...checklistLines(plan, said),
    '',
    said.nothingWasRun,
    '',
  );
  return lines.join('\n');
}

type Words = PrintedMessages['plan'];

/** The terminal that an operator has at the worst moment. */
const COLUMNS = 80;
const INDENT = '     ';

function stepLines(step: PlannedStep, number: number, said: Words): string[] {
  const room = COLUMNS - INDENT.length - 2;
  return [
    ...hanging(`${String(number).padStart(3)}  ${effectWord(step, said)}  `, step.title),
    ...joined(facts(step, said), COLUMNS - INDENT.length).map((line) => INDENT + line),
    ...step.command
      .flatMap((command) => command.split('\n'))
      .flatMap((line) => shownLines(step, line, room))
      .map((line) => `${INDENT}│ ${line}`.trimEnd()),
    ...conditions(step, said).map((text) => `${INDENT}✓ ${text}`),
  ];
}

/** What an http step's answer must be. */
function conditions(step: PlannedStep, { anyGoodStatus }: Words): string[] {
  if (step.language !== 'http') return [];
  const assertions = parseHttp(step.body).request?.assertions ?? [];
  return assertions.length === 0 ? [anyGoodStatus] : assertions.map(({ text }) => text);
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

/** Of the same width for every effect. */
function effectWord({ effect }: PlannedStep, { effects }: Words): string {
  return pad(effects[effect], Math.max(...Object.values(effects).map(widthOf)));
}

/** What there is to know of a step beside its commands. */
function facts(step: PlannedStep, said: Words): string[] {
  const many = (say: (names: string) => string, names: readonly string[]) =>
    names.length === 0 ? [] : [say(names.join(', '))];
  return [
    step.id,
    ...(step.uses === step.id ? [] : [step.uses]),
    ...(step.on.kind === 'local' ? [] : [said.on(placeName(step.on))]),
    step.language === 'manual' ? said.byAPerson : said.upTo(formatDuration(step.timeoutMs)),
    ...(step.retry ? [said.again(step.retry.times, formatDuration(step.retry.delayMs))] : []),
    ...(step.budget === undefined ? [] : [said.budget(step.budget)]),
    ...many(said.after, step.needs),
    ...many(
      said.sees,
      step.secrets.map((name) => `$${name}`),
    ),
    ...many(
      said.captures,
      step.capture.map(({ name }) => name),
    ),
    ...(step.undo === undefined ? [] : [said.undoneBy(step.undo)]),
    ...(step.probe === undefined ? [] : [said.probedBy(step.probe)]),
    ...(step.output === 'suppress' ? [said.notKept] : []),
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

function placeName(on: Exclude<Place, { kind: 'local' }>): string {
  switch (on.kind) {
    case 'ssh':
      return `ssh:${on.host}`;
    case 'fly':
      return `fly:${on.app}`;
    case 'compose':
      return `compose:${on.service}`;
  }
}

function otherLines(others: readonly PlannedStep[], said: Words): string[] {
  if (others.length === 0) return [];
  const stageWidth = Math.max(...others.map(({ stage }) => stage.length));
  const idWidth = Math.max(...others.map(({ id }) => id.length));
  return [
    '',
    said.others,
    '',
    ...others.flatMap((step) =>
      hanging(`  ${step.stage.padEnd(stageWidth)}  ${effectWord(step, said)} ${step.id.padEnd(idWidth)}  `, step.title),
    ),
  ];
}

function secretLines(secrets: readonly SecretSpec[], said: Words): string[] {
  const how = ({ ask, from, optional }: SecretSpec) =>
    from === undefined ? `${ask}${optional ? ` ${said.mayBeLeftOut}` : ''}` : said.yieldedBy(from.join(', '));
  return pairs(
    said.secrets,
    secrets.map((secret) => [secret.name, how(secret)]),
  );
}

function checklistLines({ checklist }: Plan, said: Words): string[] {
  if (checklist.length === 0) return [];
  const proven = checklist.filter(({ steps }) => steps.length > 0).length;
  return ['', said.checklist(checklist.length, proven, checklist.length - proven)];
}

function pairs(heading: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [];
  const width = Math.max(...entries.map(([name]) => name.length));
  const rows = entries.flatMap(([name, text]) => hanging(`  ${name.padEnd(width)}  `, text));
  return ['', heading, '', ...rows];
}

/** A text behind its label, in lines that fit. */
function hanging(label: string, text: string): string[] {
  const indent = widthOf(label);
  const columns = Math.max(COLUMNS - indent, 20);
  return wrap(text, columns).map((line, index) => (index === 0 ? label : ' '.repeat(indent)) + line);
}
