import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joined, tracesOf } from './forms.ts';

/** A secret that was found where it must not be: its name and the form, never the value. */
export interface Leak {
  where: string;
  secret: string;
  form: string;
}

/** Looks for secrets, in every form, in texts and files. */
export class Search {
  readonly #traces: readonly { secret: string; form: string; trace: string }[];
  readonly leaks: Leak[] = [];
  /** Bytes that were looked through. */
  searched = 0;

  constructor(secrets: Iterable<readonly [name: string, value: string]>) {
    this.#traces = [...secrets].flatMap(([secret, value]) =>
      [...tracesOf(value)].map(([form, trace]) => ({ secret, form, trace })),
    );
  }

  /** How many texts are looked for. */
  get patterns(): number {
    return this.#traces.length;
  }

  text(where: string, text: string): void {
    this.searched += Buffer.byteLength(text);
    const whole = joined(text);
    for (const { secret, form, trace } of this.#traces) {
      if (text.includes(trace) || whole.includes(trace)) this.leaks.push({ where, secret, form });
    }
  }

  /** Every file under a directory, and the names themselves. */
  directory(path: string): void {
    for (const entry of entriesOf(path)) {
      const file = join(entry.parentPath, entry.name);
      this.text('the name of a file', file);
      if (entry.isFile()) this.text(file, readFileSync(file, 'latin1') + readFileSync(file, 'utf8'));
    }
  }
}

function entriesOf(path: string): Dirent[] {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
    : [];
}
