import { parseDuration } from './duration.ts';
import type { Attribute, AttributeName } from './fence.ts';
import { didYouMean } from './nearest.ts';
import type { Report } from './source.ts';
import { type Capture, EFFECTS, type Effect, EVERY, type Every, type Place, type Retry } from './types.ts';

/** What the attributes of a step say, each in its own type; absent when the document does not say it. */
export interface StepAttributes {
  id?: string;
  title?: string;
  uses?: string;
  effect?: Effect;
  on?: Place;
  timeoutMs?: number;
  retry?: Retry;
  budget?: number;
  expect?: string;
  exit?: readonly number[];
  capture?: readonly Capture[];
  needs?: readonly string[];
  undo?: string;
  probe?: string;
  when?: string;
  every?: Every;
  secrets?: readonly string[];
  output?: 'suppress';
}

export const STEP_ID = /^[a-z0-9][a-z0-9_-]*$/;
/** Values and captures: lower-case, so that none can shadow PATH or be taken for a secret. */
export const VALUE_NAME = /^[a-z][a-z0-9_]*$/;
/** Secrets: as environment variables are written. */
export const SECRET_NAME = /^[A-Z][A-Z0-9_]*$/;
export const ENVIRONMENT_NAME = /^[a-z0-9][a-z0-9_-]*$/;
export const WHEN = /^(?:env=([a-z0-9][a-z0-9_-]*)|([a-z][a-z0-9_]*)(?:=(.+))?)$/;

/** Reads the attributes' values; each that cannot be read is reported and left out. */
export function readAttributes(given: ReadonlyMap<AttributeName, Attribute>, report: Report): StepAttributes {
  const read = <T>(name: AttributeName, parse: (text: string) => T | undefined, right: readonly string[]) => {
    const attribute = given.get(name);
    if (attribute === undefined) return undefined;
    const value = parse(attribute.value);
    if (value === undefined) {
      const what = `\`${name}=${attribute.value}\` is not understood.`;
      report({ code: `attribute-${name}`, what, next: right }, attribute.position);
    }
    return value;
  };
  const effectText = given.get('effect')?.value ?? '';

  return present({
    id: read('id', matching(STEP_ID), ['lower-case letters, digits, - and _: id=smoke-test']),
    title: read('title', (text) => text, []),
    uses: read('uses', matching(/^[a-z][a-z0-9-]*(\/[a-z0-9-]+)*$/), ['a task, such as uses=fly/deploy']),
    effect: read('effect', (text) => EFFECTS.find((known) => known === text), didYouMean(effectText, EFFECTS)),
    on: read('on', parsePlace, ['on=local, on=ssh:HOST, on=fly:APP or on=compose:SERVICE']),
    timeoutMs: read('timeout', parseDuration, ['a time up to 24h, such as timeout=90s, timeout=15m or timeout=1h30m']),
    retry: read('retry', parseRetry, ['how often and how long apart: retry=10x3s']),
    budget: read('budget', parseBudget, ['a whole number from 1: budget=1']),
    expect: read('expect', (text) => text, []),
    exit: read('exit', parseExit, ['exit codes from 0 to 255: exit=0 or exit=0,1']),
    capture: read('capture', parseCapture, [
      'capture=name for the whole output, capture=name=/json/pointer for a part of it',
    ]),
    needs: read('needs', list(STEP_ID), ['ids of steps: needs=database,secrets']),
    undo: read('undo', matching(STEP_ID), ['the id of a rollback step: undo=rollback']),
    probe: read('probe', matching(STEP_ID), ['the id of a read step: probe=status']),
    when: read('when', matching(WHEN), ['when=name, when=name=value or when=env=staging']),
    every: read('every', (text) => EVERY.find((known) => known === text), ['every=day, every=week or every=month']),
    secrets: read('secrets', list(SECRET_NAME), ['names of secrets: secrets=DATABASE_URL,JWT_SECRET']),
    output: read('output', (text) => (text === 'suppress' ? ('suppress' as const) : undefined), [
      'output=suppress is the only one',
    ]),
  });
}

/** The object without the keys whose value is undefined. */
export function present<T extends object>(object: T): Present<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Present<T>;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function matching(pattern: RegExp): (text: string) => string | undefined {
  return (text) => (pattern.test(text) ? text : undefined);
}

/** Names separated by commas, none twice. */
function list(pattern: RegExp): (text: string) => string[] | undefined {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    return names.every((name) => pattern.test(name)) && new Set(names).size === names.length ? names : undefined;
  };
}

function parsePlace(text: string): Place | undefined {
  if (text === 'local') return { kind: 'local' };
  const [, kind, name] = /^(ssh|fly|compose):([A-Za-z0-9$][A-Za-z0-9_.@:${}-]*)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  if (kind === 'ssh') return { kind, host: name };
  if (kind === 'fly') return { kind, app: name };
  return { kind: 'compose', service: name };
}

function parseRetry(text: string): Retry | undefined {
  const [, times, delay] = /^(\d{1,3})x(\w+)$/.exec(text) ?? [];
  const delayMs = parseDuration(delay ?? '');
  return delayMs === undefined || Number(times) < 1 ? undefined : { times: Number(times), delayMs };
}

function parseBudget(text: string): number | undefined {
  return /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
}

function parseExit(text: string): number[] | undefined {
  const codes = text.split(',').map((code) => (/^\d{1,3}$/.test(code.trim()) ? Number(code) : 256));
  return codes.every((code) => code <= 255) && new Set(codes).size === codes.length ? codes : undefined;
}

function parseCapture(text: string): Capture[] | undefined {
  const captures: Capture[] = [];
  for (const part of text.split(',')) {
    const [, name, pointer] = /^\s*([a-z][a-z0-9_]*)(?:=(\/\S*))?\s*$/.exec(part) ?? [];
    if (name === undefined || captures.some((capture) => capture.name === name)) return undefined;
    captures.push(pointer === undefined ? { name } : { name, pointer });
  }
  return captures;
}
