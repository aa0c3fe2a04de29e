import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../layout/text.ts';

/**
 * A terminal for prompts that draw: their frames come out as a teletype would print them, only ever at the end. A prompt
 * draws its whole line at each key; what is already there is not sent again, so that a screen reader does not read it
 * again, and a terminal that cannot move its cursor shows no sequences for it.
 *
 * @param write is given plain text: no sequences but a backspace over a character that was deleted
 */
export function teletype(write: (text: string) => void): Writable {
  let shown = '';
  return new Writable({
    write(chunk: Buffer | string, _encoding, done) {
      const text = stripVTControlCharacters(chunk.toString());
      // The place of the prompt's mark, which is left empty.
      const frame = text === '\n' ? text : text.trimStart();
      if (frame !== '') shown = print(shown, frame, write);
      done();
    },
  });
}

/** Turns what is shown into a frame, and gives what is shown then. */
function print(shown: string, frame: string, write: (text: string) => void): string {
  // The prompt is over: what comes next begins on its own line.
  if (frame === '\n') {
    write('\n');
    return '';
  }
  if (frame.startsWith(shown)) {
    if (frame.length > shown.length) write(frame.slice(shown.length));
  } else if (shown.startsWith(frame) && !shown.slice(frame.length).includes('\n')) {
    write('\b \b'.repeat(widthOf(shown.slice(frame.length))));
  } else {
    write(`\n${frame}`);
  }
  return frame;
}
