import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_MESSAGES } from '../../src/locale/report/index.ts';
import { LOCALES } from '../../src/locale/types.ts';
import { htmlReport } from '../../src/report/html.ts';
import { reportOf } from '../../src/report/report.ts';
import { recordsOf } from '../report/a-run.ts';
import { type Page, startBrowser } from './browser.ts';

let directory: string;
let page: Page;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tejun-report-'));
  page = await startBrowser();
  for (const locale of LOCALES)
    writeFileSync(address(locale).pathname, htmlReport(reportOf(recordsOf()), REPORT_MESSAGES[locale], locale));
});
afterAll(async () => {
  await page.close();
  rmSync(directory, { recursive: true });
});

const address = (locale: string) => new URL(`file://${join(directory, `${locale}.html`)}`);
const open = (locale: string, width: number) => page.open(address(locale).href, width);

interface Box {
  x: number;
  width: number;
  label: string;
}

/** Every bar of the timeline as it is drawn, with the label above it. */
const BARS = `[...document.querySelector('svg').querySelectorAll('rect')].map((bar) => {
  const { x, width } = bar.getBoundingClientRect();
  return { x, width, label: bar.previousElementSibling.textContent };
})`;

describe.each(LOCALES)('the report in a browser, in %s', (locale) => {
  it.each([360, 390, 1200])('fits a page of %i pixels, in letters that can be read', async (width) => {
    await open(locale, width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    expect(await page.evaluate('document.documentElement.lang')).toBe(locale);
    const smallest = `Math.min(...[...document.querySelectorAll('p, dd, li, pre, svg text')].map((part) => parseFloat(getComputedStyle(part).fontSize)))`;
    expect(await page.evaluate(smallest)).toBeGreaterThanOrEqual(11);
  });

  it('draws the timeline in its order, inside the page', async () => {
    await open(locale, 390);
    const bars = await page.evaluate<Box[]>(BARS);
    expect(bars).toHaveLength(4);
    expect(bars.map(({ label }) => label)).toEqual([
      expect.stringContaining('How fast it answers'),
      expect.stringContaining('Roll out'),
      expect.stringContaining('Roll out (2)'),
      expect.stringContaining('Release the old version'),
    ]);
    expect(bars.map(({ x }) => x)).toEqual(bars.map(({ x }) => x).toSorted((a, b) => a - b));
    for (const { x, width } of bars) {
      expect(width).toBeGreaterThan(1);
      expect(x + width).toBeLessThanOrEqual(390);
    }
  });

  it('prints', async () => {
    await open(locale, 1200);
    const pdf = Buffer.from(await page.print(), 'base64').toString('latin1');
    expect(pdf.startsWith('%PDF')).toBe(true);
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThanOrEqual(2);
  });
});

it('asks for no other file than itself', () => {
  expect(page.requested.filter((url) => !LOCALES.some((locale) => url === address(locale).href))).toEqual([]);
});
