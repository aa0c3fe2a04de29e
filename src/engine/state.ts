/**
 * What a run is, derived from its journal and from nothing else: the screens, the resumed run, the watcher, the
 * report and the verifier all read the records through this one reducer (design §1).
 */
import type {
  Entry,
  JournalRecord,
  Json,
  Outcome,
  OutputDigest,
  Person,
  ProblemRecord,
  RecordOf,
  SecretSource,
} from '../journal/records.ts';

export interface StepState {
  id: string;
  /** `running` after an intent, until its result. */
  status: 'waiting' | 'running' | Outcome;
  /** Number of intents so far: what a budget counts. */
  attempts: number;
  /** ISO time of the last intent. */
  startedAt?: string;
  /** ISO time of its result, or of its settlement. */
  endedAt?: string;
  /** `mono` of the last intent. */
  startedMono?: number;
  command?: readonly string[];
  /** The text that ran in the place of the runbook's own, when an operator changed it. */
  edited?: string;
  ms?: number;
  summary?: string;
  exit?: number;
  evidence?: Json;
  problem?: ProblemRecord;
  output?: OutputDigest;
  /** Set when it was settled without running: left out, done by hand, refused. */
  settled?: { how: 'skipped' | 'by-hand' | 'refused'; reason: string; by: string };
}

export interface CheckState {
  id: string;
  text: string;
  steps: readonly string[];
  /** `open` until its steps passed or a person attested it. */
  state: 'open' | 'done' | 'not-applicable' | 'not-done';
  /** Set when a person attested it. */
  by?: string;
  note?: string;
}

/** An incident in a run, from its opening on. */
export interface IncidentState {
  openedAt: string;
  by: string;
  /** Heading of the triage that is looked at; all of it when absent. */
  symptom?: string;
  closed?: { at: string; finding: string; by: string };
}

export interface RunState {
  begin?: RecordOf<'begin'>;
  signer?: RecordOf<'signer'>;
  platform?: RecordOf<'platform.ready'>;
  operator?: Person;
  steps: Readonly<Record<string, StepState>>;
  /** Ids of the steps with an intent and no result, in order of their intents. */
  running: readonly string[];
  checklist: readonly CheckState[];
  guard?: RecordOf<'guard.satisfied'>;
  secrets: Readonly<Record<string, { source: SecretSource; by: string }>>;
  captured: Readonly<Record<string, string>>;
  notes: readonly { at: string; text: string; by: string }[];
  /** In order; at most the last one is open. */
  incidents: readonly IncidentState[];
  stopping: false | 'after-step' | 'now';
  suspended: boolean;
  /** The last that befell a lock of this run; once it is lost it stays so until the run is resumed. */
  lock?: RecordOf<'lock.held'> | RecordOf<'lock.away'> | RecordOf<'lock.taken'> | RecordOf<'lock.lost'>;
  seal?: RecordOf<'seal'>;
  /** The last signature, and whether it covers the seal. */
  signature?: RecordOf<'signature'>;
  /** `seq` of the last record. */
  seq: number;
}

export const EMPTY_RUN: RunState = {
  steps: {},
  running: [],
  checklist: [],
  secrets: {},
  captured: {},
  notes: [],
  incidents: [],
  stopping: false,
  suspended: false,
  seq: -1,
};

/** Folds one record into the state; pure, and total: a record of an unknown type changes only `seq`. */
export function fold(state: RunState, record: JournalRecord): RunState {
  return { ...apply(state, record), seq: record.seq };
}

/** The state after all `records`. */
export function foldAll(records: Iterable<JournalRecord>, from: RunState = EMPTY_RUN): RunState {
  let state = from;
  for (const record of records) state = fold(state, record);
  return state;
}

function apply(state: RunState, record: JournalRecord): RunState {
  switch (record.type) {
    case 'begin':
      return {
        ...state,
        begin: record,
        operator: record.operator,
        steps: Object.fromEntries(record.plan.map(({ id }) => [id, { id, status: 'waiting', attempts: 0 } as const])),
        checklist: record.checklist.map((item) => ({ ...item, state: 'open' })),
      };
    case 'signer':
      return { ...state, signer: record };
    case 'platform.ready':
      return { ...state, platform: record };
    case 'guard.satisfied':
      return { ...state, guard: record };
    case 'secret.set':
      return { ...state, secrets: { ...state.secrets, [record.name]: { source: record.source, by: record.by } } };
    case 'step.intent':
      return {
        ...withStep(state, record.step, (step) => ({
          id: step.id,
          status: 'running',
          attempts: step.attempts + 1,
          startedAt: record.at,
          startedMono: record.mono,
          command: record.command,
          ...(record.edited === undefined ? {} : { edited: record.edited }),
        })),
        running: [...state.running.filter((id) => id !== record.step), record.step],
      };
    case 'step.result':
      return withChecklist({
        ...withStep(state, record.step, (step) => ({ ...step, ...resultOf(record) })),
        running: record.againInMs === undefined ? state.running.filter((id) => id !== record.step) : state.running,
        captured: { ...state.captured, ...record.captured },
        stopping: state.running.length <= 1 ? false : state.stopping,
      });
    case 'step.settled':
      return withChecklist(
        withStep(state, record.step, ({ problem: _, ...step }) => ({
          ...step,
          status: record.outcome,
          summary: record.reason,
          endedAt: record.at,
          settled: { how: record.how, reason: record.reason, by: record.by },
        })),
      );
    case 'checklist':
      return {
        ...state,
        checklist: state.checklist.map((item) =>
          item.id === record.item
            ? {
                ...item,
                state: record.state,
                by: record.by,
                ...(record.note === undefined ? {} : { note: record.note }),
              }
            : item,
        ),
      };
    case 'note':
      return { ...state, notes: [...state.notes, { at: record.at, text: record.text, by: record.by }] };
    case 'incident.opened': {
      const past = state.incidents.filter(({ closed }) => closed !== undefined);
      const { openedAt, by } = openIncident(state) ?? { openedAt: record.at, by: record.by };
      const symptom = record.symptom === undefined ? {} : { symptom: record.symptom };
      return { ...state, incidents: [...past, { openedAt, by, ...symptom }] };
    }
    case 'incident.closed': {
      const { at, finding, by } = record;
      const closed = { at, finding, by };
      return { ...state, incidents: state.incidents.map((each) => (each.closed ? each : { ...each, closed })) };
    }
    case 'stop.asked':
      return { ...state, stopping: record.how };
    case 'lock.held':
    case 'lock.away':
    case 'lock.taken':
    case 'lock.lost':
      return state.lock?.type === 'lock.lost' ? state : { ...state, lock: record };
    case 'suspended':
      return { ...state, suspended: true };
    case 'resumed': {
      // The engine that held the secrets and the locks is gone: both are asked for again.
      const { lock: _, ...rest } = state;
      return { ...rest, suspended: false, stopping: false, secrets: {} };
    }
    case 'seal':
      return { ...state, seal: record };
    case 'signature':
      return { ...state, signature: record };
    default:
      return state;
  }
}

/** The incident that is not over; undefined when there is none. */
export function openIncident({ incidents }: Pick<RunState, 'incidents'>): IncidentState | undefined {
  return incidents.find(({ closed }) => closed === undefined);
}

function withStep(state: RunState, id: string, change: (step: StepState) => StepState): RunState {
  const step = state.steps[id] ?? { id, status: 'waiting', attempts: 0 };
  return { ...state, steps: { ...state.steps, [id]: change(step) } };
}

function resultOf(record: RecordOf<'step.result'>): Partial<StepState> & Pick<StepState, 'status'> {
  const { outcome, ms, summary, exit, evidence, problem, output } = record;
  return {
    // While its retry goes on, a failed attempt is not the step's outcome.
    status: record.againInMs === undefined ? outcome : 'running',
    endedAt: record.at,
    ms,
    summary,
    ...(exit === undefined ? {} : { exit }),
    ...(evidence === undefined ? {} : { evidence }),
    ...(problem === undefined ? {} : { problem }),
    ...(output === undefined ? {} : { output }),
  };
}

/** Items bound to steps tick themselves when all of them passed, and open again when one no longer does. */
function withChecklist(state: RunState): RunState {
  return {
    ...state,
    checklist: state.checklist.map((item) => {
      if (item.steps.length === 0 || item.by !== undefined) return item;
      const proved = item.steps.every((id) => state.steps[id]?.status === 'passed');
      return { ...item, state: proved ? 'done' : 'open' };
    }),
  };
}

/** How often each outcome stands in the run; steps still waiting or running are not counted. */
export function countOutcomes(state: RunState): Record<Outcome, number> {
  const counts: Record<Outcome, number> = { passed: 0, failed: 0, skipped: 0, refused: 0, unknown: 0 };
  for (const { status } of Object.values(state.steps))
    if (status !== 'waiting' && status !== 'running') counts[status]++;
  return counts;
}

export type { Entry };
