/** The cookies of one visitor of one site. Paths and domains are not told apart: the jar belongs to a single origin. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes what `Set-Cookie` headers say; one that expired is forgotten. */
  take(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = '', ...attributes] = header.split(';');
      const at = pair.indexOf('=');
      if (at <= 0) continue;
      const name = pair.slice(0, at).trim();
      if (attributes.some(isOver)) this.#cookies.delete(name);
      else this.#cookies.set(name, pair.slice(at + 1).trim());
    }
  }

  /** The value of the `Cookie` header; undefined when there is no cookie. */
  header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/** `Max-Age` beats `Expires` in a browser; here either that is past ends a cookie (RFC 6265 §5.3). */
function isOver(attribute: string): boolean {
  const [name = '', value = ''] = attribute.split('=').map((part) => part.trim());
  if (/^max-age$/i.test(name)) return Number(value) <= 0;
  return /^expires$/i.test(name) && Date.parse(value) <= Date.now();
}
