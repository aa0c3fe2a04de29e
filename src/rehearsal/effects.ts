import { appendFileSync, readFileSync } from 'node:fs';

/** Something that the platform did, for tests to count: they ask the platform and not the program under test. */
export interface Effect {
  at: string;
  effect: string;
  [detail: string]: string | number;
}

/** The platform's own record of what was done to it; never a secret's value. */
export interface Effects {
  add(effect: string, detail?: Readonly<Record<string, string | number>>): void;
  all(): readonly Effect[];
}

/** Appends each effect to `file` as a line of JSON. */
export function createEffects(file: string): Effects {
  const effects: Effect[] = [];
  return {
    add(effect, detail = {}) {
      const line: Effect = { at: new Date().toISOString(), effect, ...detail };
      effects.push(line);
      appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    },
    all: () => effects,
  };
}

/** Reads the file that `createEffects` writes. */
export function readEffects(file: string): readonly Effect[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Effect);
}
