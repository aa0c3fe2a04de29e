import { Box, Text, type TextProps } from 'ink';
import { type Colors, LOOKS } from '../colors.ts';
import type { Section } from '../layout/fit.ts';
import { compose } from '../layout/frame.ts';
import { type Line, lineWidth, type Tone } from '../layout/line.ts';
import type { Model } from '../ui-state.ts';

function styleOf(tone: Tone, colors: Colors): TextProps {
  const { color, ...style } = LOOKS[colors === 0 ? 16 : colors][tone];
  return color === undefined ? style : { ...style, color: typeof color === 'number' ? `ansi256(${color})` : color };
}

/** One screen: header, the sections as far as they fit, footer. Draws lines that are already cut to size. */
export function Page({ model, sections }: { model: Model; sections: readonly Section[] }) {
  return (
    <Box flexDirection="column">
      {compose(model, sections).map((row, index) => (
        <Row key={index} row={row} colors={model.colors} />
      ))}
    </Box>
  );
}

function Row({ row, colors }: { row: Line; colors: Colors }) {
  // An empty Text takes no row.
  if (lineWidth(row) === 0) return <Text> </Text>;
  return (
    <Text wrap="truncate-end">
      {row.map(({ text, tone }, index) => (
        <Text key={index} {...styleOf(tone, colors)}>
          {text}
        </Text>
      ))}
    </Text>
  );
}
