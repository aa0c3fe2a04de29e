import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** An id of Render's form: a prefix and 20 letters and digits. */
export function newId(prefix: 'srv' | 'dep' | 'job' | 'tea' | 'dpg' | 'evt' | 'log'): string {
  return `${prefix}-${[...randomBytes(20)].map((byte) => LETTERS[byte % LETTERS.length]).join('')}`;
}
