import type { Effect, Guard } from '../../runbook/types.ts';

/** What `tejun plan`, `approve`, `runs` and `show` print for people, in one language; the words for outcomes are the report's. */
export interface PrintedMessages {
  plan: {
    /** How many steps, and how many of them change something. */
    steps(count: number, changing: number): string;
    guards: Readonly<Record<Guard, string>>;
    effects: Readonly<Record<Effect, string>>;
    /** Headings. */
    values: string;
    secrets: string;
    others: string;
    checklist(lines: number, proven: number, attested: number): string;
    on(place: string): string;
    byAPerson: string;
    upTo(time: string): string;
    again(times: number, apart: string): string;
    budget(times: number): string;
    after(steps: string): string;
    sees(secrets: string): string;
    captures(names: string): string;
    undoneBy(step: string): string;
    probedBy(step: string): string;
    notKept: string;
    /** What an answer must be where the runbook says nothing of it. */
    anyGoodStatus: string;
    mayBeLeftOut: string;
    yieldedBy(step: string): string;
    nothingWasRun: string;
  };
  approve: {
    asks(operator: string, host: string, approver: string, run: string): string;
    type(run: string): string;
    /** A request was written to a file, and what its approver runs. */
    written(file: string, command: string): string;
    approved(run: string): string;
    sendBack(command: string): string;
  };
  runs: {
    none: string;
    /** Of another host's run: who walks it where, and when its last records came. */
    heard(operator: string, host: string, at: string): string;
    states: Readonly<Record<'sealed' | 'live' | 'stopped' | 'elsewhere' | 'unreadable', string>>;
  };
  show: {
    since(operator: string, host: string | undefined, at: string): string;
    heard(at: string): string;
    attempt(number: number): string;
    edited: string;
  };
}
