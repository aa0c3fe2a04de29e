/**
 * The receipt: one line to paste into a ticket when a run ends. The journal alone cannot show that it was replaced by
 * an older copy of itself, or written anew by the holder of the key; a receipt kept elsewhere does. Pure.
 */
import { Problem } from '../problem.ts';
import { hashLine } from './chain.ts';
import type { JournalRecord } from './records.ts';

export interface Receipt {
  run: string;
  /** Number of records when it was printed. */
  records: number;
  /** SHA-256, hex, of the last line. */
  head: string;
  /** Outcome of the seal, or `none` when the run had none yet. */
  seal: string;
}

const FORM = /tejun-receipt v1 run=(\S+) records=(\d{1,15}) head=sha256:([0-9a-f]{64}) seal=([a-z-]+)/;

/**
 * The receipt of a run from all its records so far, as the journal or the link gives them. Undefined before `begin`.
 * Its `run` and `head` are also what the next run's `prevRun` names.
 */
export function receiptOf(records: readonly JournalRecord[]): Receipt | undefined {
  const [begin, last] = [records[0], records.at(-1)];
  if (begin?.type !== 'begin' || !last) return undefined;
  const ended = records.findLast(({ type }) => type !== 'signature');
  return {
    run: begin.run,
    records: records.length,
    head: hashLine(`${JSON.stringify(last)}\n`),
    seal: ended?.type === 'seal' ? ended.outcome : 'none',
  };
}

export function formatReceipt({ run, records, head, seal }: Receipt): string {
  return `tejun-receipt v1 run=${run} records=${records} head=sha256:${head} seal=${seal}`;
}

/** Finds the receipt in a text (the line itself, or what surrounds it in a ticket). Throws a `Problem`: `bad-receipt`. */
export function parseReceipt(text: string): Receipt {
  const [, run, records, head, seal] = FORM.exec(text) ?? [];
  if (!run || !records || !head || !seal || Number(records) === 0)
    throw new Problem({
      code: 'bad-receipt',
      what: 'There is no receipt of tejun in what was given as one.',
      means: 'Nothing was checked against it.',
      next: ["Give the whole line: --receipt 'tejun-receipt v1 run=… records=… head=sha256:… seal=…'"],
    });
  return { run, records: Number(records), head, seal };
}
