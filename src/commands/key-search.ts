import { homedir } from 'node:os';
import type { KeySearch } from '../journal/authorities.ts';
import { stateDirectory } from '../state-directory.ts';

/** Where this operator's keys are looked for. */
export function keySearch(env: Readonly<Record<string, string | undefined>>): KeySearch {
  return { env, home: homedir(), tejunHome: stateDirectory(env) };
}
