/**
 * SHA-512 of the bytes so far, and of those up to a mark. The mark moves with each signature and its hash is asked for
 * seldom, so that no copy is made for it: the hash waits at the mark for as long as the bytes after it lie side by side.
 */
import { createHash, type Hash } from 'node:crypto';

export class PrefixHash {
  #hash = createHash('sha512');
  /** Bytes that are not hashed yet: a part of one piece of memory. */
  #waiting: { buffer: ArrayBufferLike; from: number; to: number } = { buffer: new ArrayBuffer(0), from: 0, to: 0 };
  /** The hash at the mark, once the other has gone on. */
  #marked: Hash | undefined;
  #isAtMark = false;

  /** Bytes that follow; they must not change afterwards. */
  update(bytes: Uint8Array): void {
    const { buffer, byteOffset, byteLength } = bytes;
    if (buffer !== this.#waiting.buffer || byteOffset !== this.#waiting.to) {
      this.#goOn();
      this.#waiting = { buffer, from: byteOffset, to: byteOffset };
    }
    this.#waiting.to += byteLength;
  }

  /** Puts the mark after the bytes so far. */
  mark(): void {
    this.#isAtMark = false;
    this.#goOn();
    this.#marked = undefined;
    this.#isAtMark = true;
  }

  /** Of the bytes up to the mark. */
  digestAtMark(): Buffer {
    return (this.#marked ?? this.#hash).copy().digest();
  }

  #goOn(): void {
    const { buffer, from, to } = this.#waiting;
    if (from === to) return;
    if (this.#isAtMark) this.#marked = this.#hash.copy();
    this.#isAtMark = false;
    this.#hash.update(new Uint8Array(buffer, from, to - from));
    this.#waiting.from = to;
  }
}
