import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describeFault } from '../journal/disk-fault.ts';
import type { OutputDigest } from '../journal/records.ts';

/** Output beyond this is counted and dropped; the file ends with a line that says so. */
const LARGEST = 64 * 1024 * 1024;
const BLOCK = 64 * 1024;

/**
 * The redacted output of one attempt of a step, beside the journal. Lines are written in blocks, synchronously: a child
 * that prints faster than the disk is slowed down instead of filling memory. A disk that fails does not fail the step:
 * what was written by then is kept, and the digest says why the rest is not.
 */
export class OutputFile {
  readonly #file: string;
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  #block = '';
  #bytes = 0;
  #dropped = 0;
  #fault: string | undefined;

  /** @param directory of the run; the file is `output/<step>.<attempt>.log` in it. Throws what fs throws. */
  constructor(directory: string, step: string, attempt: number) {
    this.#file = join('output', `${step}.${attempt}.log`);
    this.#fd = openSync(join(directory, this.#file), 'w', 0o600);
  }

  line(text: string): void {
    if (this.#bytes + this.#block.length > LARGEST) {
      this.#dropped += 1;
      return;
    }
    this.#block += `${text}\n`;
    if (this.#block.length >= BLOCK) this.#flush();
  }

  /** Puts everything on disk; undefined when there was no output. */
  end(): OutputDigest | undefined {
    if (this.#dropped > 0) this.#block += `… ${this.#dropped} more lines were not kept\n`;
    this.#flush();
    this.#attempt(() => fdatasyncSync(this.#fd));
    closeSync(this.#fd);
    if (this.#bytes === 0 && this.#fault === undefined) return undefined;
    return {
      file: this.#file,
      sha256: this.#hash.digest('hex'),
      bytes: this.#bytes,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    };
  }

  #flush(): void {
    const bytes = Buffer.from(this.#block);
    this.#block = '';
    this.#attempt(() => {
      for (let from = 0; from < bytes.length; ) {
        const to = from + writeSync(this.#fd, bytes, from);
        this.#hash.update(bytes.subarray(from, to));
        this.#bytes += to - from;
        from = to;
      }
    });
  }

  /** After the first failure nothing is written any more: what follows would have a hole before it. */
  #attempt(write: () => void): void {
    if (this.#fault !== undefined) return;
    try {
      write();
    } catch (error) {
      this.#fault = describeFault(error);
    }
  }
}
