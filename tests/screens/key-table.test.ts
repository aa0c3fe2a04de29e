import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { actionOf, BINDINGS, type Binding, KEYS, keyLabel } from '../../screens/key-table.ts';
import { keysPage } from '../../screens/keys-page.ts';
import { activeKeys } from '../../screens/press.ts';
import { placeOf } from '../../screens/route.ts';
import { LOCALES, MESSAGES } from '../../src/locale/index.ts';
import { MODELS, modelOf } from './fixtures/models.ts';

const PAGE = new URL('../../docs/keys.md', import.meta.url);

test('docs/keys.md is made from the table (UPDATE_DOCS=1 writes it)', () => {
  const page = keysPage(MESSAGES.en);
  if (process.env['UPDATE_DOCS']) writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

describe('in every situation', () => {
  const names = Object.keys(MODELS);

  it.each(names)('%s: no key stands for two things', (name) => {
    const active = activeKeys(modelOf(name));
    const keys = active.flatMap((action) => [...KEYS[action].keys]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it.each(names)('%s: only keys of this place are offered, and one of them leads out', (name) => {
    const model = modelOf(name);
    const place = placeOf(model);
    const strangers = activeKeys(model).filter((action) => !(KEYS[action] as Binding).places.includes(place));
    expect(strangers).toEqual([]);
    expect(actionOf('ctrl+c', activeKeys(model))).toBeDefined();
  });
});

test('every action has a name in every language', () => {
  for (const locale of LOCALES) {
    const { keys, actions } = MESSAGES[locale];
    expect(BINDINGS.filter(({ action }) => !keys[action] || !actions[action])).toEqual([]);
  }
});

test.each([
  ['enter', 'Enter'],
  ['ctrl+c', 'Ctrl-C'],
  ['R', 'R'],
  ['up', '↑'],
])('%s is printed as %s', (key, label) => expect(keyLabel(key)).toBe(label));
