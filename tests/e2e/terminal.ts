import { spawn } from '@lydell/node-pty';
import xterm, { type Terminal } from '@xterm/headless';
import { PROGRAM_ROOT } from '../../src/program.ts';

export interface TerminalOptions {
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
  columns?: number;
  rows?: number;
  /** Where the program is started. */
  cwd?: string;
  /** What is started; tejun when absent. */
  program?: string;
}

/** The real program in a real pseudo-terminal, and what a person would see of it. */
export interface TestTerminal {
  pid: number;
  /** The terminal itself, for pictures. */
  view: Terminal;
  /** What is on the screen now, without trailing blanks. */
  screen(): string;
  /** Every byte that the program wrote so far. */
  bytes(): string;
  /** Waits until the screen shows it, and returns the screen; fails with the screen that was there instead. */
  waitFor(shown: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Sends bytes as they are, in one chunk. */
  write(bytes: string | Buffer): void;
  /** Makes the window another size. */
  resize(columns: number, rows: number): void;
  /** Presses keys as a person does: one after the other. */
  press(...keys: string[]): Promise<void>;
  /** Waits for the program's end and gives its exit code. */
  ended(timeoutMs?: number): Promise<number>;
  kill(): void;
}

export const KEY = { enter: '\r', escape: '\x1b', up: '\x1b[A', down: '\x1b[B', ctrlC: '\x03', space: ' ' } as const;

/** Between two keys: longer than the escape timeout, so that Esc and an arrow stay two keys, and than a question takes to be drawn and seen. */
const BETWEEN_KEYS_MS = 160;

/** Longer than the screens take a question for unseen. */
const TO_SEE_MS = 100;

export function openTerminal({
  args = [],
  env = {},
  columns = 80,
  rows = 24,
  cwd = PROGRAM_ROOT,
  program = `${PROGRAM_ROOT}/bin/tejun`,
}: TerminalOptions): TestTerminal {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  const child = spawn(program, [...args], {
    cols: columns,
    rows,
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: env['HOME'] ?? '/nonexistent',
      TERM: 'xterm-256color',
      LANG: 'en_US.UTF-8',
      ...env,
    },
  });
  let bytes = '';
  let written = Promise.resolve();
  child.onData((data) => {
    bytes += data;
    written = written.then(() => new Promise((resolve) => screen.write(data, resolve)));
  });
  const exited = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  const read = () => {
    const buffer = screen.buffer.active;
    const lines = Array.from(
      { length: screen.rows },
      (_, row) => buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  };
  return {
    pid: child.pid,
    view: screen,
    screen: read,
    bytes: () => bytes,
    kill: () => child.kill('SIGKILL'),
    // The library's type forgets that bytes are written as they are.
    write: (sent) => child.write(sent as string),
    resize: (width, height) => {
      screen.resize(width, height);
      child.resize(width, height);
    },
    async ended(timeoutMs = 20_000) {
      const timer = new Promise<never>((_, reject) => {
        setTimeout(() => reject(new Error(`the program did not end; it shows:\n${read()}`)), timeoutMs);
      });
      return Promise.race([exited, timer]);
    },
    async waitFor(shown, timeoutMs = 20_000) {
      const end = Date.now() + timeoutMs;
      for (;;) {
        await written;
        const now = read();
        if (typeof shown === 'string' ? now.includes(shown) : shown.test(now)) return now;
        if (Date.now() > end) throw new Error(`the screen never showed ${String(shown)}; it shows:\n${now}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async press(...keys) {
      // A person has seen the question before he answers it.
      await new Promise((resolve) => setTimeout(resolve, TO_SEE_MS));
      for (const key of keys) {
        child.write(key);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_KEYS_MS));
      }
    },
  };
}
