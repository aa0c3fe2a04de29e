import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { App } from '../../screens/App.tsx';
import { widthOf } from '../../screens/layout/text.ts';
import { LOCALES } from '../../src/locale/index.ts';
import { MODELS, modelOf } from './fixtures/models.ts';

const SIZES = [
  [80, 24],
  [60, 15],
  [40, 12],
] as const;

const strip = (text: string) => text.replace(/\x1b\[[0-9;]*m/g, '');

describe.each(SIZES)('at %i×%i', (columns, rows) => {
  describe.each(LOCALES)('in %s', (locale) => {
    it.each(Object.keys(MODELS))('%s fits', (name) => {
      const model = modelOf(name, locale, columns, rows);
      const lines = strip(renderToString(<App model={model} />, { columns })).split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows - 2);
      expect(lines.filter((line) => widthOf(line) >= columns)).toEqual([]);
      // Where the operator is stands at the top, the way out at the bottom.
      const { header } = model.messages;
      if (model.session?.plan.environment.rehearsal) expect(lines.slice(0, 2).join('\n')).toContain(header.rehearsal);
      const footer = lines.slice(-2).join('\n');
      expect(footer).toMatch(/Ctrl-C|\bq\b/);
    });
  });
});
