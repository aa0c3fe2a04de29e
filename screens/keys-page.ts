import type { Messages } from '../src/locale/types.ts';
import { BINDINGS, type Binding, keyLabel, type Place } from './key-table.ts';

const PLACES: readonly Place[] = [
  'home',
  'environment',
  'values',
  'starting',
  'preflight',
  'secrets',
  'guard',
  'stage',
  'rollback',
  'symptom',
  'incident',
  'checklist',
  'done',
  'write',
  'edit',
  'sure',
  'destroy',
  'takeOver',
  'output',
  'details',
  'timeline',
  'problem',
  'help',
  'quit',
];

/** docs/keys.md: what each key does, place by place, from the key table. */
export function keysPage({ places, actions }: Messages): string {
  const sections = PLACES.map((place) => {
    const rows = BINDINGS.filter((binding: Binding) => binding.places.includes(place)).map(
      ({ action, keys }) => `| ${keys.map((key) => `\`${keyLabel(key)}\``).join(' ')} | ${actions[action]} |`,
    );
    return [`## ${places[place]}`, '', '| key | what it does |', '|---|---|', ...rows].join('\n');
  });
  return `${[INTRO, ...sections].join('\n\n')}\n`;
}

const INTRO = `# Keys

Made from the key table (\`screens/key-table.ts\`); a test keeps this page current. The bottom of every screen shows the
keys that can be pressed there now, \`?\` explains them. Some hold only at times: \`r\` runs a step again when it failed.

- A key that is not shown does nothing. The key that opens a dangerous question never confirms it.
- Keys typed before a question is drawn are thrown away; \`Ctrl-C\` always works.
- In a field, letters are text. A paste is data: a line end in it never submits.
- \`Ctrl-L\` draws the screen anew, after something else wrote to the terminal.`;
