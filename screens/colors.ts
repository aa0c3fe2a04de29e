import type { Tone } from './layout/line.ts';

/** How many colours a terminal has, as far as it matters here. */
export type Colors = 0 | 16 | 256;

/** How a tone looks; every one of them stands beside a word or a sign that says the same. */
export interface Look {
  /** A colour's name, or its number among 256. */
  color?: string | number;
  bold?: boolean;
  dimColor?: boolean;
}

/** Whether and how a tone is coloured. */
type Looks = Readonly<Record<Tone, Look>>;

const PLAIN: Pick<Looks, 'plain' | 'dim' | 'strong'> = { plain: {}, dim: { dimColor: true }, strong: { bold: true } };

/**
 * With 256 colours they are ones of middle brightness, which stand out from black and from white paper alike (tests/screens/colors.test.ts
 * measures it). The sixteen are the terminal's own: what they look like is for whoever chose its palette.
 */
export const LOOKS: Readonly<Record<Exclude<Colors, 0>, Looks>> = {
  16: {
    ...PLAIN,
    good: { color: 'green' },
    bad: { color: 'red', bold: true },
    warn: { color: 'magenta', bold: true },
    accent: { color: 'cyan', bold: true },
  },
  256: {
    ...PLAIN,
    good: { color: 28 },
    bad: { color: 196, bold: true },
    warn: { color: 130, bold: true },
    accent: { color: 31, bold: true },
  },
};

/**
 * How many colours to use. One decision for all: Node's, which knows NO_COLOR, FORCE_COLOR, TERM and what terminals say of
 * themselves. A host that exports CI does not take them away.
 */
export function colorsOf(
  stdout: { getColorDepth?(env?: object): number },
  { CI: _, ...env }: Readonly<Record<string, string | undefined>>,
): Colors {
  // https://no-color.org says that it wins; Node lets FORCE_COLOR win.
  if (env['NO_COLOR']) return 0;
  const depth = stdout.getColorDepth?.(env) ?? 1;
  return depth >= 8 ? 256 : depth >= 4 ? 16 : 0;
}

/** The same decision in the words of Ink's colour library, which makes its own when it is loaded. */
export const FORCED: Readonly<Record<Colors, string>> = { 0: '0', 16: '1', 256: '2' };
