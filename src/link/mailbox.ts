/** Keeps what arrives until somebody listens, then hands on in order. */
export class Mailbox<T> {
  #waiting: T[] = [];
  #listener: ((item: T) => void) | undefined;

  put(item: T): void {
    const listener = this.#listener;
    if (listener) queueMicrotask(() => listener(item));
    else this.#waiting.push(item);
  }

  listen(listener: (item: T) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const item of waiting) queueMicrotask(() => listener(item));
  }
}
