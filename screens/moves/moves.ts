import type { Action } from '../key-table.ts';
import type { Model, Turn } from '../ui-state.ts';

/** What reaches a text field. */
export type Typed =
  | { kind: 'text'; text: string }
  | { kind: 'paste'; text: string; cut?: true }
  | { kind: 'backspace' };

/** What can be done in one place, and what it does. Pure. */
export interface Moves {
  /** The actions that can be taken now, in the order of the footer. */
  keys(model: Model): readonly Action[];
  act(model: Model, action: Action): Turn | undefined;
  /** Present where there is something to type into. */
  type?(model: Model, typed: Typed): Turn | undefined;
}

/** Moves a cursor by one within `count` entries; it stays at the ends. */
export function moveCursor(cursor: number, action: 'up' | 'down', count: number): number {
  return Math.min(Math.max(0, count - 1), Math.max(0, cursor + (action === 'up' ? -1 : 1)));
}
