import type { PassThrough } from 'node:stream';
import { input } from '@inquirer/prompts';
import { teletype } from './teletype.ts';

/** How a question for one line ended: with a text, with Ctrl-C, or because it was not asked any more. */
export type Entered = { text: string } | 'interrupted' | 'withdrawn';

/** Nothing that a terminal without a moving cursor, or a screen reader, would trip over. */
const THEME = {
  prefix: '',
  style: {
    message: (text: string) => text,
    answer: (text: string) => text,
    error: (text: string) => text,
    defaultAnswer: (text: string) => text,
  },
};

/**
 * Asks for one line, which is printed as it is typed and never drawn again.
 *
 * @param wrong why a text is not accepted; it is said, and the question stays
 * @param there what stands in the line already, to be changed
 * @param withdraw aborted when the question is not to be answered any more
 */
export async function askLine(
  title: string,
  {
    wrong,
    there,
    keys,
    write,
    withdraw,
  }: {
    wrong(text: string): string | undefined;
    there?: string | undefined;
    keys: PassThrough;
    write(text: string): void;
    withdraw: AbortSignal;
  },
): Promise<Entered> {
  try {
    const asked = editable(() =>
      input(
        {
          message: title,
          theme: THEME,
          validate: (text) => wrong(text) ?? true,
          ...(there === undefined ? {} : { default: there, prefill: 'editable' as const }),
        },
        { input: keys, output: teletype(write), signal: withdraw },
      ),
    );
    const text = await asked;
    return { text };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'ExitPromptError') return 'interrupted';
    if (name === 'AbortPromptError') return 'withdrawn';
    throw error;
  }
}

/**
 * Calls what makes a line editor. Under TERM=dumb Node's takes a backspace for text (`_ttyWriteDumb` of
 * lib/internal/readline/interface.js); what its editor writes is not shown here, so it may have any terminal.
 */
function editable<T>(make: () => T): T {
  const { TERM } = process.env;
  if (TERM !== 'dumb') return make();
  process.env['TERM'] = 'vt100';
  try {
    return make();
  } finally {
    process.env['TERM'] = TERM;
  }
}
