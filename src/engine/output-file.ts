import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Output beyond this is counted and dropped; the file ends with a line that says so. */
const LARGEST = 64 * 1024 * 1024;
const BLOCK = 64 * 1024;

/** What the journal says of a step's output: the file beside it, by its digest. */
export interface OutputDigest {
  file: string;
  sha256: string;
  bytes: number;
}

/**
 * The redacted output of one attempt of a step, beside the journal. Lines are written in blocks, synchronously: a child
 * that prints faster than the disk is slowed down instead of filling memory.
 */
export class OutputFile {
  readonly #file: string;
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  #block = '';
  #bytes = 0;
  #dropped = 0;

  /** @param directory of the run; the file is `output/<step>.<attempt>.log` in it */
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
    try {
      if (this.#dropped > 0) this.#block += `… ${this.#dropped} more lines were not kept\n`;
      this.#flush();
      fdatasyncSync(this.#fd);
    } finally {
      closeSync(this.#fd);
    }
    return this.#bytes === 0 ? undefined : { file: this.#file, sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }

  #flush(): void {
    const bytes = Buffer.from(this.#block);
    this.#block = '';
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
