import { present } from './attributes.ts';
import { type FrontMatterData, frontMatterSchema, keysAt, RUNBOOK_FORMAT } from './front-matter-schema.ts';
import { didYouMean } from './nearest.ts';
import type { Report } from './source.ts';
import {
  type Environment,
  type Position,
  REHEARSAL,
  type Runbook,
  type SecretFormat,
  type SecretSpec,
  type ValueSpec,
} from './types.ts';
import { readYaml, type YamlSource } from './yaml-source.ts';
import { schemaProblems } from './zod-problems.ts';

export type FrontMatter = Pick<Runbook, 'title' | 'language' | 'timezone' | 'environments' | 'values' | 'secrets'>;

/** Names that every runbook has: the environment's name, the run's id, and today's date in the runbook's timezone. */
export const BUILT_IN = ['environment', 'run', 'today'] as const;

/** Lower-case environment variables that programs act upon; a value of such a name would reach every step. */
const RESERVED_VALUES: ReadonlySet<string> = new Set([
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'all_proxy',
  'no_proxy',
]);
/** Variables that change how a child is loaded or found. */
const RESERVED_SECRETS =
  /^(PATH|HOME|SHELL|IFS|ENV|BASH_ENV|NODE_OPTIONS|PYTHONPATH|PYTHONSTARTUP|LD_.*|DYLD_.*|GIT_.*)$/;

/**
 * Reads the front matter; undefined when it is too broken to go on with. Every problem is reported.
 *
 * @param line of the file, 1-based, where its text begins
 */
export function readFrontMatter(text: string, line: number, report: Report): FrontMatter | undefined {
  const place = (row: number, column: number): Position => ({ line: line + row - 1, column });
  const yaml = readYaml(text, place, report, isValuePath);
  if (yaml.data === undefined) return undefined;
  const { data } = yaml;
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    report(
      {
        code: 'value-type',
        what: 'The front matter must be a mapping.',
        next: [`begin with tejun: ${RUNBOOK_FORMAT}`],
      },
      place(1, 1),
    );
    return undefined;
  }
  if ('tejun' in data && data.tejun !== RUNBOOK_FORMAT) {
    const newer = typeof data.tejun === 'number' && data.tejun > RUNBOOK_FORMAT;
    const next = [...(newer ? ['use a newer tejun'] : []), `write tejun: ${RUNBOOK_FORMAT}`];
    const what = `This tejun reads format ${RUNBOOK_FORMAT}, not ${JSON.stringify(data.tejun)}.`;
    report({ code: 'format-version', what, next }, yaml.at(['tejun']));
    return undefined;
  }
  const parsed = frontMatterSchema.safeParse(data, { reportInput: true });
  if (!parsed.success) {
    for (const { path, key, ...problem } of schemaProblems(parsed.error.issues, keysAt)) {
      report(problem, key === undefined ? yaml.at(path) : yaml.atKey(path, key));
    }
    return undefined;
  }
  const frontMatter = toFrontMatter(parsed.data, yaml);
  checkFrontMatter(frontMatter, yaml, report);
  return frontMatter;
}

function isValuePath(path: readonly string[]): boolean {
  const [top, , third, fourth] = path;
  if (top === 'environments') return third === 'values' && path.length === 4;
  if (top === 'secrets') return third === 'format' && fourth === 'require-query';
  return top === 'values' && (path.length === 2 || third === 'default' || third === 'choices');
}

function toFrontMatter(data: FrontMatterData, yaml: YamlSource): FrontMatter {
  const mapEntries = <T, R>(
    record: Readonly<Record<string, T>> | undefined,
    top: string,
    make: (name: string, entry: T, position: Position) => R,
  ) =>
    Object.fromEntries(
      Object.entries(record ?? {}).map(([name, entry]) => [name, make(name, entry, yaml.atKey([top], name))]),
    );
  return {
    title: data.title,
    language: data.language ?? 'en',
    timezone: data.timezone ?? 'UTC',
    environments: mapEntries(
      data.environments,
      'environments',
      (name, { guard, reason, values, lock, resources }, position): Environment => ({
        name,
        guard,
        ...(reason === undefined ? {} : { reason }),
        values: values ?? {},
        ...(lock === undefined ? {} : { lock }),
        ...(resources === undefined ? {} : { resources }),
        position,
      }),
    ),
    values: mapEntries(
      data.values,
      'values',
      (name, entry, position): ValueSpec =>
        typeof entry === 'string' ? { name, default: entry, position } : { name, ...present(entry), position },
    ),
    secrets: mapEntries(
      data.secrets,
      'secrets',
      (name, entry, position): SecretSpec => ({
        name,
        ask: entry.ask ?? name,
        ...(entry.format ? { format: toFormat(entry.format) } : {}),
        ...(entry.environments ? { environments: entry.environments } : {}),
        optional: entry.optional ?? false,
        ...(entry.from === undefined ? {} : { from: [entry.from].flat() }),
        ...(entry['differs-from'] === undefined ? {} : { differsFrom: entry['differs-from'] }),
        position,
      }),
    ),
  };
}

type FormatData = NonNullable<NonNullable<FrontMatterData['secrets']>[string]['format']>;

function toFormat(format: FormatData): SecretFormat {
  const {
    'forbid-query': forbidQuery,
    'require-query': requireQuery,
    'min-length': minLength,
    'min-entropy': minEntropy,
    ...rest
  } = format;
  return present({ ...rest, forbidQuery, requireQuery, minLength, minEntropy });
}

/** What the schema cannot say: that the parts fit together. */
function checkFrontMatter(frontMatter: FrontMatter, yaml: YamlSource, report: Report): void {
  const { environments, values, secrets } = frontMatter;
  if (!isTimezone(frontMatter.timezone)) {
    const next = ['an IANA name, such as America/Argentina/Buenos_Aires, Asia/Tokyo or UTC'];
    report(
      { code: 'timezone-unknown', what: `There is no timezone \`${frontMatter.timezone}\`.`, next },
      yaml.at(['timezone']),
    );
  }
  if (!isLanguage(frontMatter.language)) {
    const next = ['a language tag, such as ja, en or es'];
    report(
      { code: 'language-tag', what: `\`${frontMatter.language}\` is not a language tag.`, next },
      yaml.at(['language']),
    );
  }

  const named = Object.values(environments).filter(({ name }) => name !== REHEARSAL);
  if (named.length === 0) {
    const next = ['declare the environment that the runbook is for, such as staging'];
    report(
      { code: 'environment-missing', what: 'The runbook is for no environment.', next },
      yaml.at(['environments']),
    );
  }
  for (const { name, guard, reason, lock } of Object.values(environments)) {
    const path = ['environments', name];
    if (guard === 'sealed' && reason === undefined) {
      const next = ['add `reason: …`, which is shown to whoever tries to enter it'];
      report({ code: 'reason-missing', what: `Why is ${name} sealed?`, next }, yaml.atKey(path, 'guard'));
    }
    if (name === REHEARSAL && guard !== 'open') {
      const next = ['write guard: open'];
      report({ code: 'rehearsal-guard', what: 'A rehearsal is always open.', next }, yaml.at([...path, 'guard']));
    }
    if (lock !== undefined && secrets[lock] === undefined) {
      const next = didYouMean(lock, Object.keys(secrets));
      report({ code: 'secret-undeclared', what: `No secret is called \`${lock}\`.`, next }, yaml.at([...path, 'lock']));
    }
  }

  for (const spec of Object.values(values)) checkValue(spec, environments, yaml, report);
  const fixed = Object.values(environments).flatMap(({ name, values: own }) =>
    Object.keys(own).map((key) => ({ name, key })),
  );
  for (const { name, key } of fixed) checkValueName(key, yaml.atKey(['environments', name, 'values'], key), report);
  for (const spec of Object.values(secrets)) checkSecret(spec, environments, yaml, report);
}

function checkValueName(name: string, at: Position, report: Report): void {
  if (BUILT_IN.some((known) => known === name)) {
    const next = ['choose another name'];
    report({ code: 'name-reserved', what: `\`${name}\` is there in every runbook.`, next }, at);
  } else if (RESERVED_VALUES.has(name)) {
    const next = ['choose another name'];
    report({ code: 'name-reserved', what: `\`${name}\` would change what programs do.`, next }, at);
  }
}

function checkValue(
  spec: ValueSpec,
  environments: FrontMatter['environments'],
  yaml: YamlSource,
  report: Report,
): void {
  const path = ['values', spec.name];
  checkValueName(spec.name, spec.position, report);
  if (spec.ask === undefined && spec.default === undefined) {
    const next = ['add `ask: …` to ask for it', 'add `default: …` to make it a constant'];
    report({ code: 'value-without-source', what: `Where does \`${spec.name}\` come from?`, next }, spec.position);
  }
  if (spec.pattern !== undefined && patternOf(spec.pattern) === undefined) {
    const next = ['a JavaScript regular expression'];
    report(
      { code: 'pattern-malformed', what: `\`${spec.pattern}\` is not a pattern.`, next },
      yaml.at([...path, 'pattern']),
    );
    return;
  }
  const complaint = spec.default === undefined ? undefined : valueComplaint(spec, spec.default);
  if (complaint) report({ code: 'value-mismatch', ...complaint }, yaml.at([...path, 'default']));
  for (const { name, values } of Object.values(environments)) {
    const own = values[spec.name];
    const wrong = own === undefined ? undefined : valueComplaint(spec, own);
    if (wrong) report({ code: 'value-mismatch', ...wrong }, yaml.at(['environments', name, 'values', spec.name]));
  }
}

function checkSecret(
  spec: SecretSpec,
  environments: FrontMatter['environments'],
  yaml: YamlSource,
  report: Report,
): void {
  const path = ['secrets', spec.name];
  if (RESERVED_SECRETS.test(spec.name)) {
    const next = ['choose another name'];
    report({ code: 'name-reserved', what: `\`${spec.name}\` would change what programs do.`, next }, spec.position);
  }
  if (spec.ask === spec.name && spec.from === undefined) {
    const next = ['add `ask: …`, the question that the operator reads'];
    report({ code: 'key-missing', what: `What is asked for \`${spec.name}\`?`, next }, spec.position);
  }
  const known = Object.keys(environments);
  spec.environments?.forEach((name, index) => {
    if (environments[name] === undefined) {
      const next = didYouMean(name, known);
      report(
        { code: 'environment-unknown', what: `No environment is called \`${name}\`.`, next },
        yaml.at([...path, 'environments', index]),
      );
    }
  });
  if (spec.differsFrom !== undefined && environments[spec.differsFrom] === undefined) {
    const next = didYouMean(spec.differsFrom, known);
    report(
      { code: 'environment-unknown', what: `No environment is called \`${spec.differsFrom}\`.`, next },
      yaml.at([...path, 'differs-from']),
    );
  }
  if (spec.format?.pattern !== undefined && patternOf(spec.format.pattern) === undefined) {
    const next = ['a JavaScript regular expression'];
    report(
      { code: 'pattern-malformed', what: `\`${spec.format.pattern}\` is not a pattern.`, next },
      yaml.at([...path, 'format', 'pattern']),
    );
  }
}

/** What is wrong with a value, or undefined when it fits. The value is not a secret, so it may be shown. */
export function valueComplaint(spec: ValueSpec, value: string): { what: string; next: string[] } | undefined {
  if (value === '')
    return { what: `\`${spec.name}\` is empty.`, next: [...(spec.ask ? [spec.ask] : []), 'give it a value'] };
  if (/\p{Cc}/u.test(value)) return { what: `\`${spec.name}\` has a control character.`, next: ['type it again'] };
  if (spec.choices && !spec.choices.includes(value)) {
    return { what: `\`${spec.name}\` cannot be \`${value}\`.`, next: didYouMean(value, spec.choices) };
  }
  if (spec.pattern !== undefined && patternOf(spec.pattern)?.test(value) === false) {
    return { what: `\`${spec.name}\` cannot be \`${value}\`.`, next: [`it must match ${spec.pattern}`] };
  }
  return undefined;
}

/** The pattern for a whole value; undefined when it is not a regular expression. */
export function patternOf(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    return undefined;
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
