import fc from 'fast-check';
import { expect } from 'vitest';
import { createRedactor, type Redactor } from '../../src/secrets/redactor.ts';
import { Secret } from '../../src/secrets/secret.ts';
import { slowRedact } from './slow-redactor.ts';

/** A redactor that knows these secrets. */
export function knowing(secrets: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(secrets)) redactor.register(new Secret(name, Buffer.from(value)));
  return redactor;
}

/** What comes out of a text that comes in chunks. */
export function inChunks(redactor: Redactor, chunks: readonly string[]): string {
  const stream = redactor.stream();
  return chunks.map((chunk) => stream.push(chunk)).join('') + stream.flush();
}

/** So many texts are drawn for the same secrets: compiling these takes longer than the texts. */
export const TEXTS_A_CASE = 50;

const word = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'ba', 'A1', '-'), { minLength: 2, maxLength: 8 })
  .map((parts) => parts.join(''));
const noise = ['a', 'b', 'A1', '\n', '\r\n', ' ', '-', '_', '\x1b[1m', '\x1b]0;a\x07', 'é', '語'];

/** A text that is made of secrets and of noise, and where it is cut. */
const textOf = (words: readonly string[]) =>
  fc.record({
    text: fc.array(fc.constantFrom(...noise, ...words, ...words), { maxLength: 24 }).map((parts) => parts.join('')),
    cuts: fc.array(fc.nat(40), { maxLength: 6 }),
  });

/** Secrets that overlap and repeat themselves, and texts that are full of them. */
export const cases = fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).chain((words) =>
  fc.record({
    words: fc.constant(words),
    texts: fc.array(textOf(words), { minLength: TEXTS_A_CASE, maxLength: TEXTS_A_CASE }),
  }),
);

interface Case {
  words: readonly string[];
  texts: readonly { text: string; cuts: readonly number[] }[];
}

/** The redactor says of each text, cut up, what the slow one says of the whole. */
export function expectSame({ words, texts }: Case): void {
  const secrets = Object.fromEntries(words.map((value, index) => [`S${index}`, value]));
  const redactor = knowing(secrets);
  for (const { text, cuts } of texts) {
    expect(inChunks(redactor, cutAt(text, cuts))).toBe(slowRedact(text, secrets));
  }
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.filter((cut) => cut < text.length), text.length].sort((one, other) => one - other);
  return places.map((place, index) => text.slice(place, places[index + 1] ?? place));
}
