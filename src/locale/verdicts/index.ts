import type { Locale } from '../types.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { ja } from './ja.ts';
import type { VerdictMessages } from './types.ts';

export type { Explanation, VerdictMessages } from './types.ts';

export const VERDICT_MESSAGES: Readonly<Record<Locale, VerdictMessages>> = { en, es, ja };
