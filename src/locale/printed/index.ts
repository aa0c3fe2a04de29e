import type { Locale } from '../types.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { ja } from './ja.ts';
import type { PrintedMessages } from './types.ts';

export type { PrintedMessages } from './types.ts';

export const PRINTED_MESSAGES: Readonly<Record<Locale, PrintedMessages>> = { en, es, ja };
