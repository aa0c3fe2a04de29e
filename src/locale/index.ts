import { en } from './en.ts';
import { es } from './es.ts';
import { ja } from './ja.ts';
import { LOCALES, type Locale, type Messages } from './types.ts';

export { LOCALES, type Locale, type Messages } from './types.ts';

export const MESSAGES: Readonly<Record<Locale, Messages>> = { en, es, ja };

type Env = Readonly<Record<string, string | undefined>>;

/** What may decide about the language of the screens. */
export interface LocaleHints {
  /** `--lang`. */
  flag?: string | undefined;
  /** The operator's preference for this host; empty for none. */
  preference?: string | undefined;
  env?: Env | undefined;
  /** `language` of the runbook's front matter. */
  runbookLanguage?: string | undefined;
}

/**
 * The language that the operator asked for: `--lang`, else the preference, else the locale of the host in POSIX's order (LC_ALL,
 * LC_MESSAGES, LANG). Undefined when neither names one of ours; `C` and `POSIX` name none.
 */
export function askedLocale({ flag, preference, env = {} }: LocaleHints): Locale | undefined {
  return localeOf(flag) ?? localeOf(preference) ?? localeOf(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG']);
}

/** The language to speak: what the operator asked for, else the runbook's own, else English. */
export function chooseLocale(hints: LocaleHints): Locale {
  return askedLocale(hints) ?? localeOf(hints.runbookLanguage) ?? 'en';
}

/** One of our locales from a tag such as `ja`, `ja-JP` or `ja_JP.UTF-8`. */
export function localeOf(tag: string | undefined): Locale | undefined {
  const language = tag?.split(/[-_.@]/, 1)[0]?.toLowerCase();
  return LOCALES.find((locale) => locale === language);
}
