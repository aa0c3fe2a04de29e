import type { Messages } from '../src/locale/types.ts';
import { openKeyboard } from './keyboard/keys.ts';
import { holdRawMode } from './keyboard/raw.ts';
import { SecretDraft } from './secret-draft.ts';

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

/** Where the question is written, and how its keys are read. */
export interface Asking {
  messages: Messages;
  /** The key file. */
  path: string;
  /** Tries that are left; 0 only says that there are none. */
  left: number;
  tries: number;
  stdin: NodeJS.ReadStream;
  write(text: string): void;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks for the passphrase of a key file, before any screen is there: one line, the same with screens and without, in which
 * nothing is shown of what is typed. The terminal is in raw mode afterwards when it was before.
 *
 * @returns the passphrase in base64; undefined when it is left out: an empty one, or Esc
 */
export async function askPassphrase(asking: Asking): Promise<string | undefined> {
  const { messages, path, left, tries, stdin, write, env } = asking;
  const said = messages.passphrase;
  write(left === tries ? `${said.needed(path)}\n${said.leaveOut}\n` : `${said.wrong(left)}\n`);
  if (left === 0) return undefined;
  const held = stdin.isRaw;
  const raw = holdRawMode(stdin);
  const keyboard = openKeyboard(stdin);
  const pastes = env['TERM'] !== 'dumb';
  write(`${pastes ? PASTE_ON : ''}${said.ask} `);
  raw.handOver();
  try {
    return await entered(keyboard.listen, (notice) => write(`\n${messages.secrets.notices[notice]}\n${said.ask} `));
  } finally {
    write(`${pastes ? PASTE_OFF : ''}\n`);
    keyboard.close();
    raw.takeBack();
    if (!held) raw.release();
  }
}

function entered(
  listen: ReturnType<typeof openKeyboard>['listen'],
  tell: (notice: 'lines-refused' | 'paste-cut' | 'cleared') => void,
): Promise<string | undefined> {
  const draft = new SecretDraft();
  return new Promise((resolve) => {
    const leave = () => {
      draft.clear();
      resolve(undefined);
    };
    listen((press) => {
      if (press.kind === 'paste') {
        const text = press.text.replace(/\n+$/, '');
        if (!press.cut && !text.includes('\n')) return draft.append(text);
        draft.clear();
        return tell(press.cut ? 'paste-cut' : 'lines-refused');
      }
      switch (press.name) {
        case 'enter':
          return draft.empty ? leave() : resolve(draft.take());
        case 'esc':
          return leave();
        case 'backspace':
          return draft.backspace();
        case 'ctrl+u':
          draft.clear();
          return tell('cleared');
        case 'ctrl+c':
          draft.clear();
          return process.exit(130);
        default:
          if (press.text !== undefined) draft.append(press.text);
      }
    });
  });
}
