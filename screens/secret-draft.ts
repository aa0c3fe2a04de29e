/**
 * What is being typed into a secret field: bytes that no screen, state or log can reach. They are overwritten when they
 * were handed over or given up.
 */
export class SecretDraft {
  #bytes: Buffer = Buffer.alloc(0);
  /** What was entered first, where it is asked for twice. */
  #first: Buffer | undefined;

  get empty(): boolean {
    return this.#bytes.length === 0;
  }

  append(text: string): void {
    const more = Buffer.from(text, 'utf8');
    const joined = Buffer.concat([this.#bytes, more]);
    more.fill(0);
    this.#replace(joined);
  }

  /** Takes the last character away (a code point, not a byte). */
  backspace(): void {
    let end = this.#bytes.length - 1;
    while (end > 0 && ((this.#bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    this.#replace(Buffer.from(this.#bytes.subarray(0, Math.max(0, end))));
  }

  /** Keeps what was entered, and begins anew. */
  hold(): void {
    this.#first?.fill(0);
    this.#first = this.#bytes;
    this.#bytes = Buffer.alloc(0);
  }

  /** Whether what was entered is what was held; true where nothing is held. */
  get agrees(): boolean {
    return this.#first === undefined || this.#first.equals(this.#bytes);
  }

  clear(): void {
    this.#first?.fill(0);
    this.#first = undefined;
    this.#replace(Buffer.alloc(0));
  }

  #replace(bytes: Buffer): void {
    this.#bytes.fill(0);
    this.#bytes = bytes;
  }

  /** Hands the bytes over as base64, for the link, and forgets them. */
  take(): string {
    const text = this.#bytes.toString('base64');
    this.clear();
    return text;
  }
}
