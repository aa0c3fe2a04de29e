import type { Pattern } from './patterns.ts';

/** Characters that are looked up at once. */
const BLOCK = 3;
/** Seven bits a character: distinct for ASCII, and a harmless collision for others. */
const BITS = 7;
const LOW = (1 << BITS) - 1;
/** More of a pattern's beginning would let the search skip further, but fill the table. */
const WIDEST_WINDOW = 18;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

const NO_MATCH = -1;
const CUT_SHORT = -2;

interface Compiled {
  units: Uint16Array;
  pattern: Pattern;
}

/** A text as numbers: bytes when it is all ASCII, which halves the memory that the search goes through. */
export type Units = Uint8Array | Uint16Array;

/** Called for each occurrence, with the half-open span in UTF-16 units. */
export type Found = (start: number, end: number, pattern: Pattern) => void;

/**
 * Finds many patterns at once (Wu and Manber, 1994): a table says from three characters how far no pattern can end, so
 * that most of the text is never looked at. Line breaks are passed over as if they were not there: a program that wraps
 * its output at 80 columns does not hide a secret. They stay in the text, which costs nothing, since a shift that is
 * right without them is never too far with them.
 */
export class Matcher {
  readonly #window: number;
  readonly #longest: number;
  readonly #shift: Uint8Array;
  /** By the block that ends the window and the pair that begins it. */
  readonly #endings = new Map<number, Compiled[]>();
  /** By the first block; and which first blocks, pairs and characters there are. */
  readonly #beginnings = new Map<number, Compiled[]>();
  readonly #begins = new Uint8Array(1 << (3 * BITS));

  /** @param patterns each at least `SHORTEST_TOKEN` long, without line breaks; at least one */
  constructor(patterns: readonly Pattern[]) {
    const lengths = patterns.map((pattern) => pattern.text.length);
    this.#window = Math.min(WIDEST_WINDOW, ...lengths);
    this.#longest = Math.max(...lengths);
    this.#shift = new Uint8Array(1 << (3 * BITS)).fill(this.#window - BLOCK + 1);
    for (const pattern of patterns) this.#add({ units: unitsOf(pattern.text), pattern });
    this.#stopAtBreaks();
  }

  /** Reports every occurrence in `units[0..to)`. A whole token at the very end counts only when the text ends there. */
  find(units: Units, to: number, ended: boolean, found: Found): void {
    const shift = this.#shift;
    let end = this.#window - 1;
    while (end < to) {
      const step = shift[
        ((units[end - 2] as number) & LOW) |
          (((units[end - 1] as number) & LOW) << BITS) |
          (((units[end] as number) & LOW) << (2 * BITS))
      ] as number;
      end += step === 0 ? this.#examine(units, end, to, ended, found) : step;
    }
  }

  /** Where the first occurrence that is not yet complete may begin in `units[0..to)`; `to` when there is none. */
  pendingFrom(units: Units, to: number): number {
    for (let start = this.#earliestPending(units, to); start < to; start += 1) {
      if (this.#mayBegin(units, start, to)) return start;
    }
    return to;
  }

  #add(compiled: Compiled): void {
    const { units } = compiled;
    for (let at = 0; at + BLOCK <= this.#window; at += 1) {
      const cell = cellOf(units[at], units[at + 1], units[at + 2]);
      this.#shift[cell] = Math.min(this.#shift[cell] as number, this.#window - BLOCK - at);
    }
    append(this.#endings, edgesOf(units[0], units[1], blockEndingAt(units, this.#window - 1)), compiled);
    append(this.#beginnings, blockEndingAt(units, BLOCK - 1), compiled);
    const begins = [cellOf(units[0], 0, 0), cellOf(units[0], units[1], 0), cellOf(units[0], units[1], units[2])];
    for (const cell of begins) this.#begins[cell] = 1;
  }

  /** A block with a line break in it is not what it seems: such blocks are examined one by one. */
  #stopAtBreaks(): void {
    for (const unit of [LINE_FEED, CARRIAGE_RETURN]) {
      for (let other = 0; other <= LOW; other += 1) {
        for (let third = 0; third <= LOW; third += 1) {
          this.#shift[cellOf(unit, other, third)] = 0;
          this.#shift[cellOf(other, unit, third)] = 0;
          this.#shift[cellOf(other, third, unit)] = 0;
        }
      }
    }
  }

  /** Looks closely at the window that ends at `end`, and says how far to go on. */
  #examine(units: Units, end: number, to: number, ended: boolean, found: Found): number {
    const last = units[end] as number;
    if (isBreak(last)) return 1;
    const middleAt = before(units, end);
    const firstAt = before(units, middleAt);
    if (firstAt < 0) return 1;
    const cell = cellOf(units[firstAt], units[middleAt], last);
    const step = this.#shift[cell] as number;
    if (step > 0) return step;
    let start = firstAt;
    let second = middleAt;
    for (let more = this.#window - BLOCK; more > 0 && start >= 0; more -= 1) {
      second = start;
      start = before(units, start);
    }
    if (start < 0) return 1;
    for (const candidate of this.#endings.get(edgesOf(units[start], units[second], cell)) ?? []) {
      const stop = compare(units, start, to, candidate.units);
      if (stop < 0) continue;
      if (candidate.pattern.wholeToken && !isWholeToken(units, start, stop, to, ended)) continue;
      found(start, stop, candidate.pattern);
    }
    return 1;
  }

  #earliestPending(units: Units, to: number): number {
    let start = to;
    for (let more = this.#longest; more > 0 && start > 0; more -= 1) start = Math.max(0, before(units, start));
    return start;
  }

  /** At the end of the text fewer than three characters are left: the rest of the block counts as zero. */
  #mayBegin(units: Units, start: number, to: number): boolean {
    const first = units[start] as number;
    if (isBreak(first)) return false;
    const secondAt = after(units, start, to);
    const thirdAt = after(units, secondAt, to);
    const second = secondAt < to ? units[secondAt] : 0;
    const third = thirdAt < to ? units[thirdAt] : 0;
    const cell = cellOf(first, second, third);
    if (this.#begins[cell] === 0) return false;
    if (thirdAt >= to) return true;
    for (const candidate of this.#beginnings.get(cell) ?? []) {
      const stop = compare(units, start, to, candidate.units);
      if (stop === CUT_SHORT || (candidate.pattern.wholeToken && stop === to)) return true;
    }
    return false;
  }
}

/** The end of `pattern` in `units` from `start`, line breaks passed over; negative when it is not there (yet). */
function compare(units: Units, start: number, to: number, pattern: Uint16Array): number {
  let at = start;
  for (let index = 0; index < pattern.length; index += 1) {
    while (at < to && isBreak(units[at] as number)) at += 1;
    if (at >= to) return CUT_SHORT;
    if (units[at] !== pattern[index]) return NO_MATCH;
    at += 1;
  }
  return at;
}

/** A side of the pattern that is itself punctuation needs no border there. */
function isWholeToken(units: Units, start: number, stop: number, to: number, ended: boolean): boolean {
  if (stop === to && !ended) return false;
  const openLeft = start > 0 && isWord(units[start]) && isWord(units[start - 1]);
  const openRight = stop < to && isWord(units[stop - 1]) && isWord(units[stop]);
  return !openLeft && !openRight;
}

/** Letters of other scripts count as borders: `パスワードはhunter` shows the word as much as a blank would. */
function isWord(unit: number | undefined): boolean {
  if (unit === undefined) return false;
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122);
}

function isBreak(unit: number): boolean {
  return unit === LINE_FEED || unit === CARRIAGE_RETURN;
}

/** Index of the character before `at`, line breaks passed over; -1 when there is none. */
function before(units: Units, at: number): number {
  let index = at - 1;
  while (index >= 0 && isBreak(units[index] as number)) index -= 1;
  return index;
}

function after(units: Units, at: number, to: number): number {
  let index = at + 1;
  while (index < to && isBreak(units[index] as number)) index += 1;
  return index;
}

function cellOf(first: number | undefined, second: number | undefined, third: number | undefined): number {
  return pairOf(first, second) | (((third ?? 0) & LOW) << (2 * BITS));
}

function pairOf(first: number | undefined, second: number | undefined): number {
  return ((first ?? 0) & LOW) | (((second ?? 0) & LOW) << BITS);
}

/** One number for both edges of a window; a collision costs a comparison. */
function edgesOf(first: number | undefined, second: number | undefined, ending: number): number {
  return ending ^ (pairOf(first, second) << 16);
}

function blockEndingAt(units: Units, end: number): number {
  return cellOf(units[end - 2], units[end - 1], units[end]);
}

function append(lists: Map<number, Compiled[]>, key: number, compiled: Compiled): void {
  const list = lists.get(key);
  if (list) list.push(compiled);
  else lists.set(key, [compiled]);
}

function unitsOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}
