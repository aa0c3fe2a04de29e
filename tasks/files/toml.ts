import * as z from 'zod';
import { EXIT, Problem } from '../../src/problem.ts';
import { parseToml, type Toml, TomlError, type TomlTable } from '../../src/toml.ts';
import type { Task } from '../task.ts';
import { found, projectPath, readProjectFile } from './finding.ts';

const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'keys with dots between: http_service.internal_port');

const input = z.strictObject({
  path: projectPath,
  /** What a key must be, as text: `8080`, `true`, `nrt`. */
  equal: z.record(path, z.union([z.string(), z.number(), z.boolean()])).default({}),
  present: z.array(path).default([]),
  absent: z.array(path).default([]),
});

type Input = z.infer<typeof input>;

/** A TOML file (fly.toml) says what it must, and does not say what it must not. */
export const filesToml: Task<Input> = {
  name: 'files/toml',
  input,
  effect: 'read',
  describe: ({ path, equal, present, absent }) => [
    `cat ${path}`,
    ...Object.entries(equal).map(([key, value]) => `# ${key} = ${value}`),
    ...present.map((key) => `# ${key} is there`),
    ...absent.map((key) => `# ${key} is not there`),
  ],
  async run(given, context) {
    const text = await readProjectFile(context, given.path);
    const { equal, present, absent } = given;
    const checked = Object.keys(equal).length + present.length + absent.length;
    return found(given.path, checked, wrongIn(read(given.path, text), given));
  },
};

function read(path: string, text: string): TomlTable {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new Problem(
      {
        code: 'file-toml',
        what: `${path} is not TOML that can be read: line ${error.line}: ${error.message}.`,
        where: { file: path, line: error.line },
        means: 'Nothing was changed.',
      },
      EXIT.failed,
    );
  }
}

/** What is not as it must be, each a clause. Pure. */
export function wrongIn(
  table: TomlTable,
  { equal, present, absent }: Pick<Input, 'equal' | 'present' | 'absent'>,
): string[] {
  return [
    ...Object.entries(equal).flatMap(([key, wanted]) => {
      const value = valueAt(table, key);
      if (value === undefined) return [`${key} is not there, and must be ${wanted}`];
      return typeof value !== 'object' && String(value) === String(wanted)
        ? []
        : [`${key} is ${inWords(value)}, and must be ${wanted}`];
    }),
    ...present.filter((key) => valueAt(table, key) === undefined).map((key) => `${key} is not there`),
    ...absent.filter((key) => valueAt(table, key) !== undefined).map((key) => `${key} is there, and must not be`),
  ];
}

function valueAt(table: TomlTable, key: string): Toml | undefined {
  let value: Toml | undefined = table;
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function inWords(value: Toml): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a table' : String(value);
}
