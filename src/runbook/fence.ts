import { didYouMean, distance } from './nearest.ts';
import type { Report } from './source.ts';
import { LANGUAGES, type Position, STAGES, type Stage, type StepLanguage } from './types.ts';

/** Every attribute of a step; what each means is in docs/runbook-format.md. */
export const ATTRIBUTES = [
  'id',
  'title',
  'uses',
  'effect',
  'on',
  'timeout',
  'retry',
  'budget',
  'expect',
  'exit',
  'capture',
  'needs',
  'undo',
  'probe',
  'when',
  'every',
  'secrets',
  'output',
] as const;
export type AttributeName = (typeof ATTRIBUTES)[number];

export interface Attribute {
  value: string;
  /** Of the value. */
  position: Position;
}

/** The info string of a fence that is a step. */
export interface FenceHead {
  language: StepLanguage;
  stage: Stage;
  attributes: ReadonlyMap<AttributeName, Attribute>;
}

interface Word {
  key: string;
  /** Undefined for a bare word. */
  value: string | undefined;
  column: number;
  valueColumn: number;
  closed: boolean;
}

/** Splits an info string into words and `key=value` pairs; a value may be quoted with `"` or `'`. Columns are 0-based. */
export function infoWords(info: string): Word[] {
  const words: Word[] = [];
  const pattern = /([^\s="']+)(?:(=)(?:"((?:[^"\\]|\\.)*)("?)|'([^']*)('?)|(\S*)))?|\S+/g;
  for (const match of info.matchAll(pattern)) {
    const [all, key, equals, double, doubleEnd, single, singleEnd, bare] = match;
    if (key === undefined || equals === undefined) {
      words.push({ key: all, value: undefined, column: match.index, valueColumn: match.index, closed: true });
      continue;
    }
    const quoted = double ?? single;
    words.push({
      key,
      value: double !== undefined ? double.replace(/\\(["\\])/g, '$1') : (single ?? bare ?? ''),
      column: match.index,
      valueColumn: match.index + key.length + 1 + (quoted === undefined ? 0 : 1),
      closed: quoted === undefined || (doubleEnd ?? singleEnd) !== '',
    });
  }
  return words;
}

/**
 * Reads a fence's info string. Undefined when the fence is an illustration, or when what makes it a step cannot be read;
 * only the latter is reported. The rule (docs/runbook-format.md, "Steps"): a fence is a step when its second word is a stage
 * word. A word that is nearly one, a stage without a language, and tejun's own attributes without a stage are mistakes.
 *
 * @param at position of the info string's first character
 */
export function readFenceHead(info: string, at: Position, report: Report): FenceHead | undefined {
  const words = infoWords(info);
  const [first, second] = words;
  const place = (column: number): Position => ({ line: at.line, column: at.column + column });
  if (first === undefined) return undefined;

  if (isStage(first.key) && first.value === undefined) {
    const next = [`one of: ${LANGUAGES.map((language) => `${language} ${first.key}`).join(', ')}`];
    report({ code: 'language-missing', what: `Which language is this ${first.key} step?`, next }, place(first.column));
    return undefined;
  }
  const language = LANGUAGES.find((known) => known === first.key);
  const stage = STAGES.find((known) => known === second?.key && second.value === undefined);
  if (stage === undefined || second === undefined) {
    reportNearStep(words, language, place, report);
    return undefined;
  }
  if (language === undefined) {
    const next = didYouMean(first.key, LANGUAGES);
    report({ code: 'language-unknown', what: `tejun does not run \`${first.key}\`.`, next }, place(first.column));
    return undefined;
  }
  return { language, stage, attributes: readAttributes(words.slice(2), place, report) };
}

function isStage(word: string): word is Stage {
  return STAGES.some((stage) => stage === word);
}

/** Reports a fence that was surely meant to be a step; an ordinary illustration passes in silence. */
function reportNearStep(
  words: readonly Word[],
  language: StepLanguage | undefined,
  place: (column: number) => Position,
  report: Report,
): void {
  const [, second] = words;
  if (second !== undefined && second.value === undefined && language !== undefined) {
    const meant = STAGES.find((stage) => isNear(second.key, stage));
    if (meant !== undefined) {
      const next = [`did you mean \`${meant}\`?`, 'choose another word if the fence is an illustration'];
      const what = `\`${second.key}\` is not a stage.`;
      report({ code: 'stage-unknown', what, next }, place(second.column));
      return;
    }
  }
  // `title=` is what many sites write over an illustration; the other names are tejun's.
  const own = words
    .slice(1)
    .find(({ key, value }) => value !== undefined && key !== 'title' && ATTRIBUTES.some((name) => name === key));
  if (own !== undefined || language === 'manual') {
    const next = [`write the stage after the language: ${STAGES.join(', ')}`];
    const at = second?.column ?? words[0]?.column ?? 0;
    report({ code: 'stage-missing', what: 'This step has no stage.', next }, place(at));
  }
}

/** One edit in a short word, two in a long one: `prefligth`, `Verify`, `rolback`; not `need` for `seed`, which begins otherwise. */
function isNear(word: string, stage: Stage): boolean {
  const lower = word.toLowerCase();
  if (lower[0] !== stage[0] && lower.slice(1) !== stage) return false;
  return distance(lower, stage) <= (stage.length < 6 ? 1 : 2);
}

function readAttributes(
  words: readonly Word[],
  place: (column: number) => Position,
  report: Report,
): Map<AttributeName, Attribute> {
  const attributes = new Map<AttributeName, Attribute>();
  for (const { key, value, column, valueColumn, closed } of words) {
    const name = ATTRIBUTES.find((known) => known === key);
    if (value === undefined) {
      const next = name === undefined ? didYouMean(key, ATTRIBUTES) : [`write it as ${key}=…`];
      const what = `\`${key}\` is not an attribute: one is written name=value.`;
      report({ code: 'attribute-malformed', what, next }, place(column));
    } else if (name === undefined) {
      const next = didYouMean(key, ATTRIBUTES);
      report({ code: 'attribute-unknown', what: `There is no attribute \`${key}\`.`, next }, place(column));
    } else if (!closed) {
      const what = `The quotation of \`${key}\` is not closed.`;
      report({ code: 'attribute-malformed', what, next: ['close it with the same quotation mark'] }, place(column));
    } else if (value === '') {
      const what = `\`${key}\` is empty.`;
      report({ code: 'attribute-empty', what, next: ['give it a value, or leave it out'] }, place(valueColumn));
    } else if (attributes.has(name)) {
      const next = ['keep one of them'];
      report({ code: 'attribute-twice', what: `\`${key}\` is given twice.`, next }, place(column));
    } else {
      attributes.set(name, { value, position: place(valueColumn) });
    }
  }
  return attributes;
}
