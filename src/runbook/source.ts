import { createHash } from 'node:crypto';
import type { ProblemDetail, Where } from '../problem.ts';
import type { Position, Step } from './types.ts';

/** A runbook's text as it is parsed: lines end in `\n`, without a byte-order mark. */
export interface Source {
  file: string;
  text: string;
  lines: readonly string[];
  /** SHA-256 of the bytes as they are in the file, lower-case hex. */
  digest: string;
}

/** Takes problems with their place; the parts of the parser report through this, so that one look finds everything. */
export type Report = (problem: Omit<ProblemDetail, 'where'>, at: Position, text?: string) => void;

/** Reads bytes as UTF-8; undefined when they are not. Line ends of Windows and old Macs become `\n`; positions stay. */
export function readSource(file: string, source: Buffer | string): Source | undefined {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source;
  const digest = createHash('sha256').update(bytes).digest('hex');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  text = text.replace(/\r\n?/g, '\n');
  return { file, text, lines: text.split('\n'), digest };
}

/** The place for a message; the offending text is the line itself unless it is given. */
export function whereIn(source: Source, at: Position, text?: string): Where {
  const shown = (text ?? source.lines[at.line - 1] ?? '').trim();
  return {
    file: source.file,
    line: at.line,
    column: at.column,
    ...(shown === '' ? {} : { text: shown.length > 120 ? `${shown.slice(0, 119)}…` : shown }),
  };
}

/** The position in the file of an index into a step's body. A fence's text starts below it, in its column. */
export function positionInBody(step: Pick<Step, 'body' | 'position'>, index: number): Position {
  const before = step.body.slice(0, index).split('\n');
  return {
    line: step.position.line + before.length,
    column: step.position.column + (before.at(-1)?.length ?? 0),
  };
}
