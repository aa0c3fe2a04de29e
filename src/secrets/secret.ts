import { inspect } from 'node:util';

/**
 * A secret value: bytes that cannot become a string by accident. It has no `toString` that tells anything, is not
 * assignable to `string` (so it cannot be an argv element or part of a template by type), and prints as its name.
 *
 * The bytes are reached through `use`, at the last moment, by the few places that deliver (docs/security.md).
 */
export class Secret {
  readonly name: string;
  #bytes: Buffer | undefined;

  /** Takes ownership of `bytes`: they are overwritten by `wipe`. */
  constructor(name: string, bytes: Buffer) {
    this.name = name;
    this.#bytes = bytes;
  }

  /** Gives the bytes to `deliver` and returns what it returns. Throws when the secret was wiped. */
  use<T>(deliver: (bytes: Buffer) => T): T {
    if (!this.#bytes) throw new Error(`secret ${this.name} was wiped`);
    return deliver(this.#bytes);
  }

  get wiped(): boolean {
    return this.#bytes === undefined;
  }

  /** Overwrites the bytes; the secret cannot be used afterwards. */
  wipe(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  toString(): string {
    return `$${this.name}`;
  }
  toJSON(): string {
    return `$${this.name}`;
  }
  [inspect.custom](): string {
    return `Secret($${this.name})`;
  }
}
