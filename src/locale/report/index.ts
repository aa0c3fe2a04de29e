import type { Locale } from '../types.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { ja } from './ja.ts';
import type { ReportMessages } from './types.ts';

export type { ReportMessages } from './types.ts';

export const REPORT_MESSAGES: Readonly<Record<Locale, ReportMessages>> = { en, es, ja };
