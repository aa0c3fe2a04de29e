import type { EventEmitter } from 'node:events';
import { emitKeypressEvents, type Interface, type Key } from 'node:readline';
import type { Readable } from 'node:stream';

/** One key, or one paste. `name` is as in the key table: `enter`, `esc`, `ctrl+c`, `R`, `?`. */
export type KeyPress =
  | { kind: 'key'; name: string /** What it would put into a text field; absent for control keys. */; text?: string }
  /** `cut`: its end marker never came, and neither may have some of it. */
  | { kind: 'paste'; text: string; cut?: true };

export interface Keyboard {
  /** The one subscriber; the previous one, if any, hears nothing any more. `undefined` drops keys. */
  listen(listener: ((press: KeyPress) => void) | undefined): void;
  close(): void;
}

export interface KeyboardOptions {
  /** Milliseconds to wait for the rest of an escape sequence before it is taken for the Esc key. */
  escapeMs?: number;
  /** A paste whose end marker was lost on the way is over after so much silence. */
  pasteSilenceMs?: number;
}

/** Slow links split an arrow key's three bytes: 30 ms apart were seen over SSH, and more are waited for there. */
export function escapeTimeout(env: Readonly<Record<string, string | undefined>>): number {
  return env['SSH_CONNECTION'] || env['SSH_TTY'] ? 100 : 50;
}

/** A report is over when its last byte came, or after so much silence. */
const REPORT_SILENCE_MS = 100;

const NAMES: Readonly<Record<string, string>> = { return: 'enter', escape: 'esc', enter: 'enter' };

/**
 * Reads keys from a terminal in raw mode. Node's own decoder splits chunks and puts sequences together again (Ink's
 * reads `abc` + Enter in one chunk as text, and a split arrow as Esc); a paste comes as one piece of data, so that a
 * newline in it never submits anything.
 */
export function openKeyboard(stdin: Readable, options: KeyboardOptions = {}): Keyboard {
  const { escapeMs = 50, pasteSilenceMs = 1000 } = options;
  let listener: ((press: KeyPress) => void) | undefined;
  let paste: string | undefined;
  let silence: NodeJS.Timeout | undefined;

  const endPaste = (cut: boolean) => {
    clearTimeout(silence);
    if (paste === undefined) return;
    const text = paste.replace(/\r\n?/g, '\n');
    paste = undefined;
    listener?.({ kind: 'paste', text, ...(cut ? { cut } : {}) });
  };
  // The rest of a terminal's report, which Node's decoder cuts off and would hand on as keys: `ESC [ 24;80 R`, a late
  // answer about the cursor, would end as the key R, and an answer about colours as a whole word in a secret field.
  let report: 'csi' | 'string' | undefined;
  let reportEnd: NodeJS.Timeout | undefined;
  const endReport = () => {
    clearTimeout(reportEnd);
    report = undefined;
  };
  const skipsReport = ({ sequence = '' }: Key): boolean => {
    const before = report;
    if (before === 'csi' && /^[@-~]$/.test(sequence)) endReport();
    else if (before === 'string' && (sequence === '\x07' || sequence === '\x1b\\')) endReport();
    else if (/^\x1b\[[<=>?]?[\d;:]*$/.test(sequence)) report = 'csi';
    else if (/^\x1b[\]PX^_]$/.test(sequence)) report = 'string';
    if (report !== undefined) {
      clearTimeout(reportEnd);
      reportEnd = setTimeout(endReport, REPORT_SILENCE_MS);
    }
    return before !== undefined || report !== undefined;
  };
  const onKey = (character: string | undefined, key: Key) => {
    if (paste === undefined && skipsReport(key)) return;
    if (key.name === 'paste-start') {
      paste = '';
    } else if (key.name === 'paste-end') {
      endPaste(false);
      return;
    } else if (paste === undefined) {
      const press = pressOf(character, key);
      if (press) listener?.(press);
      return;
    } else {
      paste += key.sequence ?? character ?? '';
    }
    clearTimeout(silence);
    silence = setTimeout(endPaste, pasteSilenceMs, true);
  };

  // Only `escapeCodeTimeout` of the interface is read (lib/internal/readline/emitKeypressEvents.js).
  emitKeypressEvents(stdin, { escapeCodeTimeout: escapeMs } as unknown as Interface);
  (stdin as EventEmitter).on('keypress', onKey);
  return {
    listen: (next) => {
      listener = next;
    },
    close: () => {
      clearTimeout(silence);
      endReport();
      listener = undefined;
      (stdin as EventEmitter).off('keypress', onKey);
    },
  };
}

/** The name and text of a key; undefined for terminal reports and other sequences that are no key. */
export function pressOf(character: string | undefined, key: Key): KeyPress | undefined {
  const sequence = key.sequence ?? '';
  if (key.ctrl && key.name && !key.meta) return { kind: 'key', name: `ctrl+${key.name}` };
  const typed = character ?? (sequence.startsWith('\x1b') ? undefined : sequence);
  if (typed !== undefined && !key.meta && isPrintable(typed)) {
    // An input method left on sends the wide form of a letter: it is the same key.
    return { kind: 'key', name: typed === ' ' ? 'space' : typed.normalize('NFKC'), text: typed };
  }
  // Node calls a sequence that it does not know by this very word.
  if (key.name === undefined || key.name === 'undefined' || (key.meta && key.name !== 'escape')) return undefined;
  const name = NAMES[key.name] ?? key.name;
  return { kind: 'key', name: key.shift && name === 'tab' ? 'shift+tab' : name };
}

function isPrintable(text: string): boolean {
  return text.length > 0 && !/[\p{Cc}\p{Cs}]/u.test(text);
}
