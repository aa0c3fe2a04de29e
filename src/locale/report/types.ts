/** Everything that a report says, in one language. */

export type StepOutcome = 'waiting' | 'running' | 'passed' | 'failed' | 'skipped' | 'refused' | 'unknown';
export type RunOutcome = 'completed' | 'rolled-back' | 'failed' | 'abandoned' | 'unfinished';
export type ItemState = 'open' | 'done' | 'not-applicable' | 'not-done';

export interface ReportMessages {
  /** Decimal mark. */
  decimal: string;
  title: string;
  outcome: Readonly<Record<RunOutcome, string>>;
  /** Stands beside the outcome of a rehearsal. */
  rehearsal: string;
  head: Readonly<
    Record<
      | 'who'
      | 'when'
      | 'where'
      | 'runbook'
      | 'digest'
      | 'environment'
      | 'flow'
      | 'drill'
      | 'run'
      | 'lasted'
      | 'signed'
      | 'approved'
      | 'receipt'
      | 'values',
      string
    >
  >;
  flows: Readonly<Record<'setup' | 'redeploy' | 'rollback' | 'incident' | 'routine', string>>;
  /** `from` is the address of a login over SSH. */
  where(host: string, from: string | undefined): string;
  until(from: string, to: string): string;
  signedBy(person: string, signatures: number): string;
  signedLater(at: string): string;
  unsigned: string;
  sections: Readonly<
    Record<'timeline' | 'failures' | 'checklist' | 'steps' | 'benchmarks' | 'decisions' | 'notes' | 'off', string>
  >;
  none: string;
  status: Readonly<Record<StepOutcome, string>>;
  step: Readonly<
    Record<
      'stage' | 'command' | 'attempts' | 'exit' | 'output' | 'evidence' | 'settled' | 'duration' | 'ended' | 'edited',
      string
    >
  >;
  /** Of a step whose command the operator changed. */
  editedBy: string;
  stages: Readonly<
    Record<'preflight' | 'seed' | 'deploy' | 'verify' | 'rollback' | 'triage' | 'remedy' | 'routine', string>
  >;
  settled: Readonly<Record<'skipped' | 'by-hand' | 'refused', string>>;
  effects: Readonly<Record<'read' | 'write' | 'destroy', string>>;
  items: Readonly<Record<ItemState, string>>;
  openItems(count: number): string;
  provedBy: string;
  said(person: string): string;
  failure: Readonly<Record<'means' | 'remedy', string>>;
  remedies: {
    again(outcome: string): string;
    settled(how: string, reason: string, by: string): string;
    rolledBack(step: string): string;
    nothing: string;
  };
  decisions: {
    guard(environment: string): string;
    /** A second person signed the plan; `fingerprint` of the key. */
    approved(environment: string, fingerprint: string): string;
    confirmed(text: string, step: string): string;
    edited(step: string): string;
    settled(how: string, step: string, reason: string): string;
    checklist(item: string, state: string, note: string | undefined): string;
    stop: Readonly<Record<'after-step' | 'now', string>>;
    refused(what: string): string;
    secret(name: string, source: string): string;
    suspended(reason: string): string;
    resumed: string;
    incidentOpened(symptom: string | undefined): string;
    incidentClosed(finding: string): string;
    lockTaken(from: string): string;
    lockLost(to: string | undefined): string;
    signer(source: string, note: string | undefined): string;
    sealed(outcome: string, open: number): string;
  };
  benchmark: Readonly<Record<'path' | 'p50' | 'p95' | 'errors' | 'histogram', string>>;
  /** At the foot: how anybody can check it. */
  check(command: string): string;
}
