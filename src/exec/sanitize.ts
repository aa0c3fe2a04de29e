/**
 * A child's output is hostile input: an OSC 52 in a deploy log would write the operator's clipboard, a title sequence
 * or a bidi override would lie about what was printed (CVE-2023-28486 in sudo's log viewer). Only text, line feeds and
 * tabs are left.
 */

export interface Sanitizer {
  push(chunk: string): string;
}

/** Anything that is not plain text. Most chunks have none of it and pass as they are. */
const SUSPECT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]/;

/** A string sequence that does not end within so many characters was never one; what follows is shown again. */
const LONGEST_STRING = 4096;

type State = 'text' | 'escape' | 'csi' | 'string' | 'string-escape';

/**
 * Takes control sequences out of a text that comes in chunks, wherever it is cut. Carriage returns, with which programs
 * draw progress over the same line, become line breaks. A string sequence (OSC, DCS…) that is never ended stops at the
 * end of its line, so that it cannot hide the rest of the output.
 */
export function createSanitizer(): Sanitizer {
  let state: State = 'text';
  let stringLength = 0;
  let afterReturn = false;

  /** What is shown for one unit; moves the state on. */
  function step(unit: number, char: string): string {
    switch (state) {
      case 'text':
        return plain(unit, char);
      case 'escape':
        return escaped(unit, char);
      case 'csi':
        return controlSequence(unit, char);
      case 'string':
      case 'string-escape':
        return stringSequence(unit, char);
    }
  }

  function plain(unit: number, char: string): string {
    state = introducedBy(unit);
    stringLength = 0;
    return state === 'text' ? shown(unit, char) : '';
  }

  function escaped(unit: number, char: string): string {
    // ESC [ and the others are the seven-bit forms of U+009B and so on (ECMA-48).
    if (unit >= 0x40 && unit <= 0x5f) {
      state = introducedBy(unit + 0x40);
      return '';
    }
    if (unit >= 0x20 && unit <= 0x2f) return '';
    state = 'text';
    return unit >= 0x30 && unit <= 0x7e ? '' : plain(unit, char);
  }

  function controlSequence(unit: number, char: string): string {
    if (unit >= 0x20 && unit <= 0x3f) return '';
    state = 'text';
    return unit >= 0x40 && unit <= 0x7e ? '' : plain(unit, char);
  }

  function stringSequence(unit: number, char: string): string {
    stringLength += 1;
    if (state === 'string-escape') {
      state = 'escape';
      return escaped(unit, char);
    }
    if (unit === 0x1b) state = 'string-escape';
    else if (unit === 0x07 || unit === 0x9c || unit === 0x18 || unit === 0x1a) state = 'text';
    else if (unit === 0x0a || unit === 0x0d || stringLength > LONGEST_STRING) {
      state = 'text';
      return plain(unit, char);
    }
    return '';
  }

  function shown(unit: number, char: string): string {
    if (unit === 0x0d) {
      afterReturn = true;
      return '\n';
    }
    const endsReturn = afterReturn && unit === 0x0a;
    afterReturn = false;
    if (endsReturn) return '';
    if (unit === 0x85 || unit === 0x2028 || unit === 0x2029) return '\n';
    return char !== '\n' && char !== '\t' && SUSPECT.test(char) ? '' : char;
  }

  return {
    push(chunk) {
      if (state === 'text' && !afterReturn && !SUSPECT.test(chunk)) return chunk;
      let out = '';
      for (let index = 0; index < chunk.length; index += 1) out += step(chunk.charCodeAt(index), chunk.charAt(index));
      return out;
    },
  };
}

function introducedBy(unit: number): State {
  if (unit === 0x1b) return 'escape';
  if (unit === 0x9b) return 'csi';
  // DCS, SOS, OSC, PM, APC.
  return unit === 0x90 || unit === 0x98 || unit === 0x9d || unit === 0x9e || unit === 0x9f ? 'string' : 'text';
}
