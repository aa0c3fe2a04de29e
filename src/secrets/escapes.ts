/** A complete escape sequence: OSC and the other strings up to their end, CSI, and the two-character ones. */
const SEQUENCE =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b(?:[ -/]+[0-~]|[0-OQ-WYZ\\`-~])/y;

/** Begins like a sequence and may become one with more text. */
const UNFINISHED =
  /(?:\x1b|(?:\x1b\[|\x9b)[0-?]*[ -/]*|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*\x1b?|\x1b[ -/]+)$/y;

/** What does not end within so many characters is no sequence. */
const LONGEST_SEQUENCE = 4096;

/** A text without its escape sequences, and where each of its units came from. */
export interface Unescaped {
  text: string;
  /** For each unit of `text`, and one for its end: the index in the original. */
  origin: Uint32Array;
  /** Index in the original from which a sequence may still be under way; its length when none is. */
  complete: number;
}

/** Whether there is anything in `text` for `withoutEscapes` to take out. */
export function hasEscapes(text: string): boolean {
  return text.includes('\x1b') || text.includes('\x9b') || text.includes('\x9d');
}

/** Takes the escape sequences out, so that a colour inside a secret does not hide it from the search. */
export function withoutEscapes(text: string): Unescaped {
  let plain = '';
  const origin = new Uint32Array(text.length + 1);
  let complete = text.length;
  let at = 0;
  while (at < text.length) {
    const begin = nextIntroducer(text, at);
    for (let index = at; index < begin; index += 1) origin[plain.length + index - at] = index;
    plain += text.slice(at, begin);
    at = begin;
    if (at >= text.length) break;
    SEQUENCE.lastIndex = at;
    if (SEQUENCE.test(text)) {
      at = SEQUENCE.lastIndex;
      continue;
    }
    UNFINISHED.lastIndex = at;
    if (text.length - at <= LONGEST_SEQUENCE && UNFINISHED.test(text)) {
      complete = at;
      break;
    }
    origin[plain.length] = at;
    plain += text.charAt(at);
    at += 1;
  }
  origin[plain.length] = complete;
  return { text: plain, origin, complete };
}

function nextIntroducer(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === 0x1b || (unit >= 0x90 && unit <= 0x9f)) return index;
  }
  return text.length;
}
