import { Box, Text, type TextProps } from 'ink';
import type { Section } from '../layout/fit.ts';
import { compose } from '../layout/frame.ts';
import { type Line, lineWidth, type Tone } from '../layout/line.ts';
import type { Model } from '../ui-state.ts';

/** Colours that are read on light and on dark backgrounds; each stands beside a word or a sign that says the same. */
const STYLE: Readonly<Record<Tone, TextProps>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red', bold: true },
  warn: { color: 'magenta', bold: true },
  accent: { color: 'cyan', bold: true },
};

/** One screen: header, the sections as far as they fit, footer. Draws lines that are already cut to size. */
export function Page({ model, sections }: { model: Model; sections: readonly Section[] }) {
  return (
    <Box flexDirection="column">
      {compose(model, sections).map((row, index) => (
        <Row key={index} row={row} />
      ))}
    </Box>
  );
}

function Row({ row }: { row: Line }) {
  // An empty Text takes no row.
  if (lineWidth(row) === 0) return <Text> </Text>;
  return (
    <Text wrap="truncate-end">
      {row.map(({ text, tone }, index) => (
        <Text key={index} {...STYLE[tone]}>
          {text}
        </Text>
      ))}
    </Text>
  );
}
