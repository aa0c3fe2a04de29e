import { isShellOwn, shellAssignments, shellReferences } from './shell-variables.ts';
import { sqlParameters } from './sql-parameters.ts';
import { references } from './substitute.ts';
import type { Step } from './types.ts';

/** A name that a step uses, and where in its body. */
export interface NameUse {
  /** Undefined for a `${…}` that is not a name. */
  name: string | undefined;
  /** In `Step.body`; undefined when it is an attribute that uses it. */
  index?: number;
  length: number;
}

/**
 * The names that a step uses: `$name` in templates (http, manual, typed steps, `on=` and `expect=`), bound parameters in sql,
 * and in shells each variable that the script does not set itself. Python reads its values from `os.environ`, which is not
 * looked into.
 */
export function namesUsed(step: Pick<Step, 'language' | 'body' | 'input' | 'on' | 'expect'>): NameUse[] {
  return [...namesInBody(step), ...namesInAttributes(step)];
}

function namesInBody({ language, body, input }: Pick<Step, 'language' | 'body' | 'input'>): NameUse[] {
  switch (language) {
    case 'bash':
    case 'sh': {
      const own = shellAssignments(body);
      return shellReferences(body).filter(({ name, guarded }) => !guarded && !own.has(name) && !isShellOwn(name));
    }
    case 'sql':
      return sqlParameters(body);
    case 'python':
      return [];
    case 'yaml':
      return namesInInput(input, body);
    case 'http':
    case 'manual':
      return references(body);
  }
}

/** References in the strings of a YAML input, each at the first place in the text where it can be found. */
function namesInInput(input: unknown, body: string): NameUse[] {
  const written = references(body);
  return stringsIn(input).flatMap((text) =>
    references(text).map(({ name, length }) => {
      const index = written.find((reference) => reference.name === name)?.index;
      return { name, length, ...(index === undefined ? {} : { index }) };
    }),
  );
}

/** Every string of plain data, depth first; keys are not looked at. */
export function stringsIn(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  return input !== null && typeof input === 'object' ? Object.values(input).flatMap(stringsIn) : [];
}

function namesInAttributes({ on, expect }: Pick<Step, 'on' | 'expect'>): NameUse[] {
  return [placeName(on), expect ?? '']
    .flatMap((text) => references(text))
    .map(({ name, length }) => ({ name, length }));
}

function placeName(on: Step['on']): string {
  switch (on.kind) {
    case 'local':
      return '';
    case 'ssh':
      return on.host;
    case 'fly':
      return on.app;
    case 'compose':
      return on.service;
  }
}
