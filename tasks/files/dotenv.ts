import * as z from 'zod';
import { secretName } from '../input.ts';
import type { Task } from '../task.ts';
import { found, projectPath, readProjectFile } from './finding.ts';

const input = z.strictObject({
  path: projectPath,
  /** Names that must be there and not be empty. */
  present: z.array(secretName).default([]),
  equal: z.record(secretName, z.string()).default({}),
});

type Input = z.infer<typeof input>;

/**
 * A file of `NAME=value` lines has its names. It is parsed, never sourced: `source` would run what stands in it. Values are
 * compared and not shown, because such files hold secrets more often than they should.
 */
export const filesDotenv: Task<Input> = {
  name: 'files/dotenv',
  input,
  effect: 'read',
  describe: ({ path, present, equal }) => [
    `cat ${path}`,
    ...present.map((name) => `# ${name} is not empty`),
    ...Object.entries(equal).map(([name, value]) => `# ${name}=${value}`),
  ],
  async run(given, context) {
    const text = await readProjectFile(context, given.path);
    // CommonJS: its names are known only at run time once it is bundled.
    const { default: dotenv } = await import('dotenv');
    const checked = given.present.length + Object.keys(given.equal).length;
    return found(given.path, checked, wrongIn(dotenv.parse(text), given));
  },
};

/** What is not as it must be, each a clause; quotes no value of the file. Pure. */
export function wrongIn(
  values: Readonly<Record<string, string>>,
  { present, equal }: Pick<Input, 'present' | 'equal'>,
): string[] {
  return [
    ...present
      .filter((name) => !values[name])
      .map((name) => `${name} is ${values[name] === '' ? 'empty' : 'not there'}`),
    ...Object.entries(equal)
      .filter(([name, wanted]) => values[name] !== wanted)
      .map(
        ([name, wanted]) => `${name} ${values[name] === undefined ? 'is not there, and must be' : 'is not'} ${wanted}`,
      ),
  ];
}
