/** A line without an end (a progress bar, a minified file) is handed on in pieces of this length. */
export const LONGEST_LINE = 64 * 1024;

export interface LineSplitter {
  push(text: string): void;
  /** Hands on the last line when it has no line break. */
  end(): void;
}

/** Cuts a text that comes in chunks into lines, without their line breaks. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let open = '';

  function cutOpen(): void {
    while (open.length > LONGEST_LINE) {
      const cut = isLowSurrogate(open.charCodeAt(LONGEST_LINE)) ? LONGEST_LINE - 1 : LONGEST_LINE;
      onLine(open.slice(0, cut));
      open = open.slice(cut);
    }
  }

  return {
    push(text) {
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        open += text.slice(from, at);
        from = at + 1;
        cutOpen();
        const line = open;
        open = '';
        onLine(line);
      }
      open += text.slice(from);
      cutOpen();
    },
    end() {
      if (open !== '') onLine(open);
      open = '';
    },
  };
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
