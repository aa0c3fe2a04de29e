import { describe, expect, test } from 'vitest';
import type { KeyPress } from '../../../screens/keyboard/keys.ts';
import { type Ask, type Option, typed } from '../../../screens/plain/ask.ts';
import { questionFor } from '../../../screens/plain/questions.ts';
import { press } from '../../../screens/press.ts';
import { placeOf } from '../../../screens/route.ts';
import type { Effect, Model } from '../../../screens/ui-state.ts';
import { LOCALES } from '../../../src/locale/types.ts';
import { MODELS, modelOf } from '../fixtures/models.ts';

// `?` explains the choices here: the overlay of keys is never opened.
const names = Object.keys(MODELS).filter((name) => placeOf(modelOf(name)) !== 'help');
const cases = names.flatMap((name) => LOCALES.map((locale) => [name, locale] as const));

/** What keys do, one after the other, and what they ask of the world. */
function pressAll(model: Model, keys: readonly KeyPress[]): { model: Model; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = model;
  for (const key of keys) {
    const turned = press(now, key);
    effects.push(...turned.effects);
    now = { ...now, ui: turned.ui };
  }
  return { model: now, effects };
}

/** The choices that can be taken, nested ones included. */
function leaves(options: readonly Option[]): { label: string; keys: readonly KeyPress[] }[] {
  return options.flatMap(({ label, leadsTo }) => {
    if (!('kind' in leadsTo)) return [{ label, keys: leadsTo }];
    return leadsTo.kind === 'choose' ? leaves(leadsTo.options) : [];
  });
}

describe.each(cases)('%s, in %s', (name, locale) => {
  const model = modelOf(name, locale);
  const { tell, ask } = questionFor(model);

  test('says what it is about, or waits', () => {
    const said = [...tell, ...wordsOf(ask)];
    expect(ask.kind === 'wait' || said.length > 0).toBe(true);
    for (const line of said) expect(line).not.toMatch(/undefined|\[object|^\s*$/);
  });

  test('every choice does something that a key of the screens does', () => {
    if (ask.kind !== 'choose') return;
    for (const { label, keys } of leaves(ask.options)) {
      if (keys.length === 0) continue;
      const { model: after, effects } = pressAll(model, keys);
      const cursor = keys.every((key) => key.kind === 'key' && (key.name === 'up' || key.name === 'down'));
      expect(after.ui !== model.ui || effects.length > 0 || cursor, label).toBe(true);
    }
  });
});

function wordsOf(ask: Ask): string[] {
  if (ask.kind === 'line') return [ask.title];
  return ask.kind === 'choose' ? ask.options.map(({ label }) => label) : [];
}

test('the situations go through most places', () => {
  const seen = new Set(names.map((name) => placeOf(modelOf(name))));
  for (const place of [
    'home',
    'environment',
    'preflight',
    'secrets',
    'guard',
    'stage',
    'rollback',
    'checklist',
    'done',
  ])
    expect(seen).toContain(place);
});

test('a line is typed into a field that was emptied', () => {
  expect(typed('a b')).toEqual([
    { kind: 'key', name: 'ctrl+u' },
    { kind: 'key', name: 'a b', text: 'a b' },
  ]);
  expect(typed('')).toEqual([{ kind: 'key', name: 'ctrl+u' }]);
});
