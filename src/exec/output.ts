import { StringDecoder } from 'node:string_decoder';
import type { Redactor } from '../secrets/redactor.ts';
import { createLineSplitter } from './lines.ts';
import { createSanitizer } from './sanitize.ts';

/** So much of each stream is kept for `Exit`; the whole of it goes line by line to whoever listens. */
const KEPT = 256 * 1024;

/** After so long without output, finished lines that the redactor holds back are let go. */
const PAUSE_MS = 50;

/** One stream of a child on its way to the operator. */
export interface Output {
  push(bytes: Buffer): void;
  /** Ends the stream and gives its last part, beginning with a whole line. */
  end(): string;
}

/**
 * Decodes a child's bytes, takes control sequences out, masks secrets, and cuts the rest into lines. Nothing is queued:
 * a listener that is slow slows the child down.
 */
export function createOutput(redactor: Redactor, onLine: (line: string) => void): Output {
  const decoder = new StringDecoder('utf8');
  const sanitizer = createSanitizer();
  const redacted = redactor.stream();
  const lines = createLineSplitter(onLine);
  let kept = '';
  let cut = false;
  let pause: NodeJS.Timeout | undefined;

  function hand(text: string): void {
    if (text === '') return;
    kept += text;
    if (kept.length > 2 * KEPT) {
      kept = kept.slice(-KEPT);
      cut = true;
    }
    lines.push(text);
  }

  function restartPause(): void {
    if (pause) pause.refresh();
    else pause = setTimeout(() => hand(redacted.settle()), PAUSE_MS).unref();
  }

  return {
    push(bytes) {
      hand(redacted.push(sanitizer.push(decoder.write(bytes))));
      restartPause();
    },
    end() {
      clearTimeout(pause);
      hand(redacted.push(sanitizer.push(decoder.end())) + redacted.flush());
      lines.end();
      if (!cut && kept.length <= KEPT) return kept;
      const tail = kept.slice(-KEPT);
      return tail.slice(tail.indexOf('\n') + 1);
    },
  };
}
