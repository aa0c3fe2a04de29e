/**
 * What is being typed into a secret field: bytes that no screen, state or log can reach. They are overwritten when they
 * were handed over or given up.
 */
export class SecretDraft {
  #bytes = Buffer.alloc(0);

  get empty(): boolean {
    return this.#bytes.length === 0;
  }

  append(text: string): void {
    const more = Buffer.from(text, 'utf8');
    const joined = Buffer.concat([this.#bytes, more]);
    more.fill(0);
    this.clear();
    this.#bytes = joined;
  }

  /** Takes the last character away (a code point, not a byte). */
  backspace(): void {
    let end = this.#bytes.length - 1;
    while (end > 0 && ((this.#bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    const kept = Buffer.from(this.#bytes.subarray(0, Math.max(0, end)));
    this.clear();
    this.#bytes = kept;
  }

  clear(): void {
    this.#bytes.fill(0);
    this.#bytes = Buffer.alloc(0);
  }

  /** Hands the bytes over as base64, for the link, and forgets them. */
  take(): string {
    const text = this.#bytes.toString('base64');
    this.clear();
    return text;
  }
}
