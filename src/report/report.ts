/**
 * What a journal says, in the order in which a person asks: who, when, where, how it ended, what failed and what was done
 * about it, what is proved. Every rendering is made from this and from nothing else. Pure: the same records give the same.
 */
import { itemsOfRun, openItems } from '../engine/checklist.ts';
import { figuresOf, type PathFigures } from '../engine/latencies.ts';
import { foldAll, type RunState, type StepState } from '../engine/state.ts';
import { formatReceipt, receiptOf } from '../journal/receipt.ts';
import type { JournalRecord, Json, Person, RecordOf } from '../journal/records.ts';
import { type Failure, failuresOf } from './failures.ts';

/** The shape of `tejun report --json`: a stable interface (docs/interfaces.md). Times are ISO 8601 in UTC, durations ms. */
export interface Report {
  report: 1;
  run: string;
  outcome: 'completed' | 'rolled-back' | 'failed' | 'abandoned' | 'unfinished';
  environment: string;
  rehearsal: boolean;
  drill?: string;
  flow: string;
  section?: string;
  runbook: { path: string; title: string; digest: string };
  operator: Person;
  /** Everybody who did something in the run. */
  people: readonly string[];
  tejun: string;
  values: Readonly<Record<string, string>>;
  began: string;
  ended: string;
  ms: number;
  signature: { by: string; source: string; fingerprint?: string; signatures: number; late?: string } | null;
  /** A second person's consent to the plan, as the guard of the environment asked for it. */
  approvals: readonly { by: string; at: string; fingerprint: string; plan: string }[];
  receipt: string;
  steps: readonly ReportStep[];
  checklist: readonly ReportItem[];
  /** Ids of the checklist items that are open. */
  open: readonly string[];
  failures: readonly Failure[];
  timeline: readonly Attempt[];
  /** What persons and the engine decided, as the journal says it. */
  decisions: readonly Decision[];
  notes: readonly { at: string; by: string; text: string }[];
}

export interface ReportStep {
  id: string;
  title: string;
  stage: string;
  uses: string;
  effect: string;
  /** Whether the run's flow walks it. */
  path: boolean;
  outcome: StepState['status'];
  attempts: number;
  ended?: string;
  ms?: number;
  summary?: string;
  command?: readonly string[];
  /** Its text as the operator changed it before it ran. */
  edited?: string;
  exit?: number;
  output?: { file: string; sha256: string; bytes: number };
  evidence?: Json;
  settled?: { how: 'skipped' | 'by-hand' | 'refused'; reason: string; by: string };
  latencies?: readonly PathFigures[];
}

export interface ReportItem {
  id: string;
  text: string;
  state: 'open' | 'done' | 'not-applicable' | 'not-done';
  /** The steps that it is bound to. */
  provedBy: readonly { step: string; title: string; outcome: StepState['status']; at?: string; sha256?: string }[];
  by?: string;
  at?: string;
  note?: string;
}

/** One execution of a step, from its intent to its result. */
export interface Attempt {
  step: string;
  title: string;
  attempt: number;
  /** Milliseconds after the run began, by the clock of its host. */
  from: number;
  to: number;
  outcome: StepState['status'];
}

const DECISIONS = [
  'guard.satisfied',
  'secret.set',
  'step.settled',
  'checklist',
  'refused',
  'stop.asked',
  'suspended',
  'resumed',
  'incident.opened',
  'incident.closed',
  'lock.taken',
  'lock.lost',
  'signer',
  'seal',
] as const;

/** A record of one of these types; and intents that a person had to confirm by name, or whose command he changed. */
export type Decision = RecordOf<(typeof DECISIONS)[number]> | RecordOf<'step.intent'>;

/** The report of a run from all its records. Throws when the first is no `begin`: then it is no journal. */
export function reportOf(records: readonly JournalRecord[]): Report {
  const [begin] = records;
  const last = records.at(-1);
  const receipt = receiptOf(records);
  if (begin?.type !== 'begin' || !last || !receipt) throw new Error('a journal begins with a `begin` record');
  const state = foldAll(records);
  const { run, environment, rehearsal, drill, flow, section, runbook, operator, tejun, values } = begin;
  return {
    report: 1,
    run,
    outcome: state.seal?.outcome ?? 'unfinished',
    environment,
    rehearsal,
    ...(drill === undefined ? {} : { drill }),
    flow,
    ...(section === undefined ? {} : { section }),
    runbook,
    operator,
    people: [...new Set(records.flatMap((record) => ('by' in record ? [record.by] : [])))],
    tejun,
    values,
    began: begin.at,
    ended: last.at,
    ms: since(begin.at, last.at),
    signature: signatureOf(records, state),
    approvals: records.flatMap((record) => {
      if (record.type !== 'guard.satisfied' || !record.approval) return [];
      const { fingerprint, plan } = record.approval;
      return [{ by: record.by, at: record.at, fingerprint, plan }];
    }),
    receipt: formatReceipt(receipt),
    steps: begin.plan.map((line) => stepOf(line, begin, state)),
    checklist: checklistOf(records, state),
    open: openItems(state),
    failures: failuresOf(records, begin),
    timeline: timelineOf(records, begin),
    decisions: records.filter(isDecision),
    notes: state.notes,
  };
}

/** Milliseconds from one wall clock to another; a clock that went back gives 0. */
function since(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from)) || 0;
}

function signatureOf(records: readonly JournalRecord[], { signer, signature, seal }: RunState): Report['signature'] {
  if (!signature || !signer) return null;
  return {
    by: signature.by,
    source: signer.source,
    ...(signer.fingerprint === undefined ? {} : { fingerprint: signer.fingerprint }),
    signatures: records.filter(({ type }) => type === 'signature').length,
    ...(seal?.late ? { late: seal.at } : {}),
  };
}

function stepOf(line: RecordOf<'begin'>['plan'][number], begin: RecordOf<'begin'>, state: RunState): ReportStep {
  const step = state.steps[line.id];
  const { endedAt, ms, summary, command, edited, exit, output, evidence, settled } = step ?? {};
  const latencies = figuresOf(evidence);
  return {
    ...line,
    // Nobody has vouched that what was changed still only reads.
    ...(edited !== undefined && line.effect === 'read' ? { effect: 'write' } : {}),
    path: begin.path.includes(line.id),
    outcome: step?.status ?? 'waiting',
    attempts: step?.attempts ?? 0,
    ...(endedAt === undefined ? {} : { ended: endedAt }),
    ...(ms === undefined ? {} : { ms }),
    ...(summary === undefined ? {} : { summary }),
    ...(command === undefined ? {} : { command }),
    ...(edited === undefined ? {} : { edited }),
    ...(exit === undefined ? {} : { exit }),
    ...(output === undefined ? {} : { output }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(settled === undefined ? {} : { settled }),
    ...(latencies.length === 0 ? {} : { latencies }),
  };
}

function checklistOf(records: readonly JournalRecord[], state: RunState): ReportItem[] {
  return itemsOfRun(state).map(({ id, text, state: stands, steps, by, note }) => {
    const said = records.findLast((record) => record.type === 'checklist' && record.item === id);
    return {
      id,
      text,
      state: stands,
      provedBy: steps.map((step) => {
        const { status = 'waiting', endedAt, output } = state.steps[step] ?? {};
        const title = state.begin?.plan.find((line) => line.id === step)?.title ?? step;
        return {
          ...{ step, title, outcome: status },
          ...(endedAt === undefined ? {} : { at: endedAt }),
          ...(output === undefined ? {} : { sha256: output.sha256 }),
        };
      }),
      ...(by === undefined ? {} : { by }),
      ...(said === undefined ? {} : { at: said.at }),
      ...(note === undefined ? {} : { note }),
    };
  });
}

/** Every execution, in the order of the intents. One without a result ends where the journal does. */
function timelineOf(records: readonly JournalRecord[], begin: RecordOf<'begin'>): Attempt[] {
  const title = new Map(begin.plan.map((line) => [line.id, line.title]));
  const end = records.at(-1)?.at ?? begin.at;
  return records.flatMap((record) => {
    if (record.type !== 'step.intent') return [];
    const { step, attempt } = record;
    const result = records.find(
      (other): other is RecordOf<'step.result'> =>
        other.type === 'step.result' && other.step === step && other.attempt === attempt,
    );
    const from = since(begin.at, record.at);
    const to = Math.max(from, since(begin.at, result?.at ?? end));
    return [{ step, title: title.get(step) ?? step, attempt, from, to, outcome: result?.outcome ?? 'running' }];
  });
}

function isDecision(record: JournalRecord): record is Decision {
  if (record.type === 'step.intent') return record.confirmed !== undefined || record.edited !== undefined;
  return (DECISIONS as readonly string[]).includes(record.type);
}
