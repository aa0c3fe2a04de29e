import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { expect, test, vi } from 'vitest';
import { placeOf } from '../../screens/route.ts';
import { svgOf } from '../../scripts/svg.ts';
import { LOCALES, type Locale } from '../../src/locale/index.ts';
import { PROGRAM_ROOT } from '../../src/program.ts';
import { MODELS, modelOf } from './fixtures/models.ts';

// Chalk decides about colour when it is loaded.
vi.hoisted(() => {
  process.env['FORCE_COLOR'] = '2';
});

const GALLERY = join(PROGRAM_ROOT, 'docs', 'gallery', 'screens');

/** A situation for each place that the screens have: the last one that leads there, as the fullest. */
const PLACES = new Map(Object.keys(MODELS).map((name) => [placeOf(modelOf(name)), name]));

async function draw(name: string, locale: Locale): Promise<string> {
  const { renderToString } = await import('ink');
  const { App } = await import('../../screens/App.tsx');
  const terminal = new xterm.Terminal({ cols: 80, rows: 22, allowProposedApi: true });
  const frame = renderToString(<App model={modelOf(name, locale)} />, { columns: 80 });
  await new Promise<void>((resolve) => terminal.write(frame.replaceAll('\n', '\r\n'), resolve));
  return svgOf(terminal, `tejun: ${name}`);
}

test.each([...PLACES])('the picture of %s is what the program draws (UPDATE_DOCS=1 writes it)', async (place, name) => {
  // One language a place, so that each is seen.
  const locale = LOCALES[[...PLACES.keys()].indexOf(place) % LOCALES.length] ?? 'en';
  const file = join(GALLERY, `${place}.svg`);
  const svg = await draw(name, locale);
  if (process.env['UPDATE_DOCS']) {
    mkdirSync(GALLERY, { recursive: true });
    writeFileSync(file, svg);
  }
  expect(existsSync(file) && readFileSync(file, 'utf8') === svg).toBe(true);
});

test('there is a picture of every place, and of nothing else', () => {
  expect(readdirSync(GALLERY).sort()).toEqual([...PLACES.keys()].map((place) => `${place}.svg`).sort());
});
