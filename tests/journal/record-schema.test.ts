import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { recordJsonSchema, type recordSchema } from '../../src/journal/record-schema.ts';
import type { JournalRecord, Json } from '../../src/journal/records.ts';

/** A type without `readonly`, and without the undefined that zod adds to what is optional. */
type Plain<T> = T extends Json[] | string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Key extends 'evidence' | 'inputs' ? Json : Plain<Exclude<T[Key], undefined>> }
      : T;

test('the schema says what the types say: a record that is added to one and not to the other does not compile', () => {
  expectTypeOf<Plain<z.infer<typeof recordSchema>>>().toEqualTypeOf<Plain<JournalRecord>>();
});

test('docs/journal.schema.json is current (npm run pages)', () => {
  const written = JSON.parse(readFileSync('docs/journal.schema.json', 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(recordJsonSchema())));
});
