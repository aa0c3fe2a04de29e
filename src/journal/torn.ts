/** What a crash can leave at the end of a journal, and what it cannot. Pure. */
import { isRecord } from './chain.ts';

const START = '{"seq":';
const NEWLINE = 0x0a;

/**
 * Whether bytes after the last good line can be what a crash left of one line that was being written: cut short, or
 * with sectors that never reached the disk (zeros). They must hold no record: a line that was acknowledged and
 * damaged later can look torn, and cutting it off would lose it.
 */
export function isTorn(tail: Uint8Array): boolean {
  const newline = tail.indexOf(NEWLINE);
  if (newline >= 0 && !tail.includes(0)) return false;
  if (newline >= 0 && !isZeroed(tail.subarray(newline + 1))) return false;
  return !holdsRecord(Buffer.from(tail).toString('utf8'));
}

/** Whether bytes could be the first of a record, however few; zeros are what a power cut leaves of them. */
export function beginsLikeRecord(tail: Uint8Array): boolean {
  const first = Buffer.from(tail.subarray(0, START.length)).toString('latin1');
  return START.startsWith(first) || /^\0+$/.test(first);
}

function isZeroed(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** A whole record somewhere in the text; one that ends exactly where the text ends only lost its newline: torn. */
function holdsRecord(text: string): boolean {
  for (let start = text.indexOf(START); start >= 0; start = text.indexOf(START, start + 1)) {
    const end = objectEnd(text, start);
    if (end < 0 || (start === 0 && end === text.length)) continue;
    try {
      if (isRecord(JSON.parse(text.slice(start, end)))) return true;
    } catch {
      // Not this one.
    }
  }
  return false;
}

/** Where the JSON object that begins at `start` ends, or -1. */
function objectEnd(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return -1;
}
