import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROGRAM_ROOT } from '../src/program.ts';

/**
 * The house (docs/architecture.md): who may import whom. `types` are imports that vanish when the code is built; they may
 * name what travels between two floors.
 */
const HOUSE: Record<string, { may: readonly string[]; types?: readonly string[] }> = {
  'src/problem': { may: [] },
  'src/problem-codes': { may: [] },
  'src/program': { may: [] },
  'src/state-directory': { may: ['src/journal/durable'] },
  'src/toml': { may: [] },
  'src/is-alive': { may: [] },
  'src/runbook': { may: [] },
  'src/journal': { may: [] },
  'src/secrets': { may: [], types: ['src/exec', 'src/runbook', 'src/journal'] },
  'src/exec': { may: ['src/secrets'], types: ['src/runbook'] },
  tasks: { may: ['src/exec', 'src/secrets', 'src/runbook'], types: ['src/journal'] },
  'src/link': { may: [], types: ['src/engine', 'src/journal', 'tasks'] },
  'src/engine': { may: ['tasks', 'src/runbook', 'src/journal', 'src/exec', 'src/secrets'], types: ['src/link'] },
  'src/store': { may: ['tasks', 'src/secrets'] },
  'src/rehearsal': { may: ['src/exec', 'src/secrets'], types: ['src/engine', 'src/journal', 'src/runbook'] },
  'src/locale': { may: [], types: ['src/runbook', 'src/journal', 'src/engine', 'tasks/task'] },
  screens: {
    may: [
      'src/link',
      'src/locale',
      'src/engine/checklist',
      'src/engine/editable',
      'src/engine/incident',
      'src/engine/latencies',
      'src/engine/state',
      'src/engine/walk',
      'src/runbook/types',
    ],
    types: ['src/engine', 'src/runbook', 'src/journal', 'tasks'],
  },
  'src/report': {
    may: ['src/engine/checklist', 'src/engine/latencies', 'src/engine/state', 'src/journal', 'src/locale'],
  },
  'src/doctor': { may: ['src/journal'], types: ['src/runbook'] },
  'src/commands': {
    may: [
      'src/doctor',
      'src/engine',
      'src/exec',
      'src/journal',
      'src/link',
      'src/locale',
      'src/rehearsal',
      'src/report',
      'src/runbook',
      'src/secrets',
      'src/store',
      'tasks',
      'screens',
    ],
  },
  'src/cli': { may: ['src/commands', 'screens/keyboard'] },
};

/** Leaves that everybody may import. */
const LEAVES = ['src/problem', 'src/problem-codes', 'src/program', 'src/state-directory', 'src/toml', 'src/is-alive'];

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function imports(): Import[] {
  const files = ['src', 'screens', 'tasks'].flatMap((folder) =>
    readdirSync(join(PROGRAM_ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(PROGRAM_ROOT, file), 'utf8');
    const found = text.matchAll(
      /(?:^|\n)(?:import|export)\s+(type\s)?([^;'"]*?from\s*)?'(\.[^']+)'|import\('(\.[^']+)'\)/g,
    );
    return Array.from(found, (match) => {
      const target = match[3] ?? match[4] ?? '';
      const to = relative(PROGRAM_ROOT, resolve(PROGRAM_ROOT, dirname(file), target)).replace(/\.tsx?$/, '');
      // `import { type A, type B }` vanishes too.
      const names = /\{([^}]*)\}/
        .exec(match[2] ?? '')?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean);
      const typeOnly =
        match[1] !== undefined ||
        (names !== undefined && names.length > 0 && names.every((name) => name.startsWith('type ')));
      return { from: file.replace(/\.tsx?$/, ''), to, typeOnly };
    });
  });
}

const roomOf = (file: string) =>
  Object.keys(HOUSE)
    .filter((room) => file === room || file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];

const isIn = (file: string, room: string) => file === room || file.startsWith(`${room}/`);

describe('the house', () => {
  const all = imports();

  test('every file has a room', () => {
    expect(all.map(({ from }) => from).filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  test('imports point down only', () => {
    const wrong = all.filter(({ from, to, typeOnly }) => {
      const room = roomOf(from) ?? '';
      const rule = HOUSE[room] ?? { may: [] };
      const allowed = [room, ...LEAVES, ...rule.may, ...(typeOnly ? (rule.types ?? []) : [])];
      return !allowed.some((target) => isIn(to, target));
    });
    expect(wrong.map(({ from, to, typeOnly }) => `${from} → ${to}${typeOnly ? ' (types)' : ''}`)).toEqual([]);
  });

  test('Ink and React are imported by the screens only, and pg by what queries', () => {
    const texts = ['src', 'tasks'].flatMap((folder) =>
      readdirSync(join(PROGRAM_ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => ({ file: join(folder, name), text: readFileSync(join(PROGRAM_ROOT, folder, name), 'utf8') })),
    );
    const naming = (pattern: RegExp) => texts.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
    expect(naming(/from '(ink|react)'/)).toEqual([]);
    const allowed = /^(src\/rehearsal\/booking|src\/rehearsal\/)/;
    expect(naming(/^import (?!type).* from 'pg'/m).filter((file) => !allowed.test(file))).toEqual([]);
  });
});
