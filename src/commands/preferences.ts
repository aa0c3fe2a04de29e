import { existsSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { Signs } from '../../screens/glyphs.ts';
import { LOCALES, type Locale } from '../locale/types.ts';
import { EXIT, Problem } from '../problem.ts';
import { didYouMean } from '../runbook/nearest.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What an operator prefers, on this host; none of it changes what a run does to its target. */
export interface Preferences {
  language: Locale | '';
  plain: boolean;
  signs: Signs | '';
  bell: boolean;
  /** Seconds. */
  'notify-after': number;
  hook: string;
  webhook: string;
  /** Minutes. */
  wait: number;
}

export type PreferenceName = keyof Preferences;

/** Each preference: its default, what a value may be (JSON Schema), and what it is for. */
export const PREFERENCES: {
  [Name in PreferenceName]: { default: Preferences[Name]; schema: object; means: string };
} = {
  language: { default: '', schema: { enum: ['', ...LOCALES] }, means: 'ja, en or es; empty: the locale of the host' },
  plain: { default: false, schema: { type: 'boolean' }, means: 'lines and numbers instead of screens' },
  signs: {
    default: '',
    schema: { enum: ['', 'ascii', 'unicode'] },
    means: 'ascii for terminals that draw signs over two columns, or not at all; empty: by the locale of the host',
  },
  bell: { default: true, schema: { type: 'boolean' }, means: 'ring when a long step ends, fails or waits' },
  'notify-after': {
    default: 30,
    schema: { type: 'integer', minimum: 0, maximum: 86_400 },
    means: 'seconds after which a step is long, and a run waits',
  },
  hook: { default: '', schema: { type: 'string' }, means: 'a shell command that is given each notice, as JSON' },
  webhook: {
    default: '',
    schema: { type: 'string', pattern: '^(https?://.+)?$' },
    means: 'a URL that each notice is posted to, as JSON',
  },
  wait: {
    default: 480,
    schema: { type: 'integer', minimum: 1, maximum: 10_080 },
    means: 'minutes that a run without screens waits for them',
  },
};

const NAMES = Object.keys(PREFERENCES) as PreferenceName[];

/** Where the preferences of this operator are: beside the state when `TEJUN_HOME` says where, else the XDG directory. */
export function preferencesFile(env: Env): string {
  return join(env['TEJUN_HOME'] || envPaths('tejun', { suffix: '' }).config, 'config.json');
}

const DEFAULTS = Object.fromEntries(NAMES.map((name) => [name, PREFERENCES[name].default])) as unknown as Preferences;

/** The preferences; the defaults where nothing is set. Throws preferences-broken for a file that cannot be used. */
export async function readPreferences(env: Env): Promise<Preferences> {
  // Most hosts have none, and the library that reads them takes its time to load.
  return existsSync(preferencesFile(env)) ? { ...DEFAULTS, ...(await open(env)).store } : DEFAULTS;
}

/**
 * The language of a command that prints: `--lang`, else the operator's preference, else the locale of the host. Preferences
 * that cannot be read are said, on standard error where nothing else is given, and hold nothing up.
 */
export async function operatorsLocale(
  env: Env,
  flag?: string,
  said = (line: string) => void process.stderr.write(`${line}\n`),
): Promise<Locale> {
  const { language } = await preferencesForRun(env, said);
  const { chooseLocale } = await import('../locale/index.ts');
  return chooseLocale({ env, flag, preference: language });
}

/** The preferences for a run: a file that cannot be used is said, and does not hold it up. */
export async function preferencesForRun(env: Env, said: (line: string) => void): Promise<Preferences> {
  try {
    return await readPreferences(env);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    said(`${error.what} ${preferencesFile(env)} is not read.`);
    return DEFAULTS;
  }
}

/** Sets one preference, from its text on a command line. Throws preference-unknown, preference-wrong. */
export async function setPreference(env: Env, name: string, text: string): Promise<void> {
  const known = requirePreference(name);
  const value = readValue(known, text);
  try {
    (await open(env)).set(known, value);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw wrong(known, text);
  }
}

/** The preference of this name; throws preference-unknown, with what was probably meant. */
export function requirePreference(name: string): PreferenceName {
  const known = NAMES.find((each) => each === name);
  if (known) return known;
  throw new Problem({
    code: 'preference-unknown',
    what: `There is no preference "${name}".`,
    next: didYouMean(name, NAMES),
  });
}

/** A preference as a line for people. A webhook's path is often its password: only its host is shown. */
export function shownPreference(name: PreferenceName, { [name]: value }: Preferences): string {
  if (name !== 'webhook' || value === '') return String(value);
  return URL.canParse(String(value)) ? `${new URL(String(value)).origin}/…` : '…';
}

function readValue(name: PreferenceName, text: string): Preferences[PreferenceName] {
  switch (typeof PREFERENCES[name].default) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw wrong(name, text);
    case 'number':
      if (/^\d+$/.test(text)) return Number(text);
      throw wrong(name, text);
    default:
      return text;
  }
}

async function open(env: Env) {
  const { default: Conf } = await import('conf');
  const file = preferencesFile(env);
  try {
    return new Conf<Preferences>({
      cwd: join(file, '..'),
      configName: 'config',
      configFileMode: 0o600,
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
      schema: Object.fromEntries(NAMES.map((name) => [name, PREFERENCES[name].schema])) as never,
    });
  } catch (cause) {
    throw new Problem(
      {
        code: 'preferences-broken',
        what: 'The preferences cannot be used.',
        where: { file },
        means: 'Nothing was started.',
        next: ['mend the file, or remove it: every preference has a default'],
      },
      EXIT.usage,
      { cause },
    );
  }
}

function wrong(name: PreferenceName, text: string): Problem {
  const { means, schema } = PREFERENCES[name];
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  return new Problem({
    code: 'preference-wrong',
    what: `${name} cannot be "${text}".`,
    next: [
      minimum === undefined
        ? `${name}: ${means}${typeof PREFERENCES[name].default === 'boolean' ? ' (true or false)' : ''}`
        : `${name}: ${means} (${minimum} to ${maximum})`,
    ],
  });
}
