import { describe, expect, test } from 'vitest';
import { colorsOf, LOOKS } from '../../screens/colors.ts';
import { rgbOf } from '../../scripts/svg.ts';

type Rgb = readonly [number, number, number];

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours', () => {
  const used = Object.values(LOOKS[256]).flatMap(({ color }) => (typeof color === 'number' ? [color] : []));

  test.each([
    ['black', [0, 0, 0], 3.9],
    ['white', [255, 255, 255], 3.9],
    ['Solarized, dark', [0, 43, 54], 3],
    ['Solarized, light', [253, 246, 227], 3],
  ] as const)('are read on %s', (_, paper, least) => {
    for (const color of used) expect(contrast(rgbOf(color), paper), `colour ${color}`).toBeGreaterThan(least);
  });

  test('are as many as the terminal has, and none for who wants none', () => {
    const terminal = { getColorDepth: (env: { TERM?: string } = {}) => (env.TERM === 'xterm' ? 4 : 8) };
    expect(colorsOf(terminal, { TERM: 'xterm' })).toBe(16);
    expect(colorsOf(terminal, { TERM: 'xterm-256color' })).toBe(256);
    expect(colorsOf(terminal, { TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(0);
    expect(colorsOf({}, {})).toBe(0);
  });

  test('are Node’s to choose, which knows FORCE_COLOR; a host that exports CI does not take them away', async () => {
    const { WriteStream } = await import('node:tty');
    const terminal = { getColorDepth: WriteStream.prototype.getColorDepth };
    expect(colorsOf(terminal, { TERM: 'xterm-256color', CI: '1' })).toBe(256);
    expect(colorsOf(terminal, { TERM: 'xterm-256color', FORCE_COLOR: '0' })).toBe(0);
    expect(colorsOf(terminal, { TERM: 'xterm', FORCE_COLOR: '2' })).toBe(256);
  });
});
