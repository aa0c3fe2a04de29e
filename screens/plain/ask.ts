import type { Action } from '../key-table.ts';
import { KEYS } from '../key-table.ts';
import type { KeyPress } from '../keyboard/keys.ts';
import { activeKeys, press } from '../press.ts';
import type { Model } from '../ui-state.ts';

/** One numbered choice: the keys that would be pressed on the screens, or a question that comes first. */
export interface Option {
  label: string;
  /** What `?` says about it. */
  explain?: string;
  leadsTo: readonly KeyPress[] | Ask;
}

/** What is asked. An answer is worth the keys that give it on the screens: the moves are the same ones. */
export type Ask =
  /** Nothing can be answered now. */
  | { kind: 'wait' }
  /** There is nothing to decide: what was told is closed with these keys. */
  | { kind: 'go'; keys: readonly KeyPress[] }
  | { kind: 'choose'; title?: string; options: readonly Option[] }
  | {
      kind: 'line';
      title: string;
      /** Why a text is not accepted; undefined when it is. */
      wrong(text: string): string | undefined;
      keys(text: string): readonly KeyPress[];
      back: readonly KeyPress[];
    }
  /** Lines that are there are changed one by one, and others may be added. */
  | {
      kind: 'text';
      lines: readonly string[];
      keys(text: string): readonly KeyPress[];
      back: readonly KeyPress[];
    }
  /** Keys go to the secret's field one by one; nothing is shown of them. */
  | { kind: 'secret' };

/** What is said, line by line, and then asked. */
export interface Question {
  tell: readonly string[];
  ask: Ask;
}

export const WAIT: Ask = { kind: 'wait' };

export function key(name: string): KeyPress {
  return { kind: 'key', name };
}

/** The key of an action, as the key table has it. */
export function keyOf(action: Action): KeyPress {
  return key(KEYS[action].keys[0]);
}

/** Empties a field and types a text into it. */
export function typed(text: string): KeyPress[] {
  return [keyOf('clear'), ...(text === '' ? [] : [{ kind: 'key', name: text, text } as const])];
}

/** Moves a cursor within a list. */
export function moved(from: number, to: number): KeyPress[] {
  const step = keyOf(to < from ? 'up' : 'down');
  return Array.from({ length: Math.abs(to - from) }, () => step);
}

/** What belongs to a cursor, a scrolling text or a footer, and means nothing where lines are printed. */
const OF_THE_SCREENS: ReadonlySet<Action> = new Set([
  'up',
  'down',
  'pageUp',
  'pageDown',
  'first',
  'last',
  'help',
  'clear',
  'nextField',
  'previousField',
  'previousChoice',
  'nextChoice',
]);

/** What can be done now, as the footer has it: one choice an action. */
export function actions(model: Model, without: readonly Action[] = []): Option[] {
  const active = activeKeys(model).filter((action) => !OF_THE_SCREENS.has(action) && !without.includes(action));
  return active
    .filter((action) => action !== 'askQuit' || !active.includes('quit'))
    .filter((action) => doesSomething(model, keyOf(action)))
    .map((action) => option(model, action));
}

/** A footer may name a key that has nothing to do yet; a choice that does nothing would only confuse. */
function doesSomething(model: Model, key: KeyPress): boolean {
  const { ui, effects } = press(model, key);
  return ui !== model.ui || effects.length > 0;
}

export function option({ messages }: Model, action: Action, label = messages.keys[action]): Option {
  return { label, explain: messages.actions[action], leadsTo: [keyOf(action)] };
}
