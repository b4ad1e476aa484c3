// How a dialog looks, and what is said where the terminal is too small. Layout and words come from the model; nothing is
// computed here.

import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { BoxModel } from '../../overlays/dialog/lines.ts';
import { bare, cutCells } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import type { Theme } from '../../text/theme.ts';
import type { FrameModel } from './frame-model.ts';

interface LineProps {
  theme: Theme;
  style: Style;
  children: string;
}

/** One row of text in one style. */
function Line({ theme, style, children }: LineProps): ReactNode {
  return <Text wrap="truncate">{theme.paint(style, bare(theme.glyphs(children)))}</Text>;
}

/** A dialog or the help; the compositor puts it where its rectangle is. */
function OverBox({ model, theme }: { model: BoxModel; theme: Theme }): ReactNode {
  const side = theme.paint(model.style, theme.glyphs('│'));
  return (
    <Box flexDirection="column" width={model.rect.width} height={model.rect.height}>
      <Line theme={theme} style={model.style}>
        {boxTop(model)}
      </Line>
      {model.lines.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <Text key={i} wrap="truncate">
          {`${side} ${theme.paint(line.style, bare(theme.glyphs(line.text)))} ${side}`}
        </Text>
      ))}
      <Line theme={theme} style={model.style}>
        {boxBottom(model)}
      </Line>
    </Box>
  );
}

const boxTop = ({ rect, title }: BoxModel): string => {
  const shown = cutCells(` ${title} `, Math.max(0, rect.width - 4));
  return `╭─${shown}${'─'.repeat(Math.max(0, rect.width - 3 - shown.length))}╮`;
};
const boxBottom = ({ rect }: BoxModel): string => `╰${'─'.repeat(Math.max(0, rect.width - 2))}╯`;

export function Frame({ model, theme }: { model: FrameModel; theme: Theme }): ReactNode {
  const { columns, rows, tooSmall, box } = model;
  if (tooSmall === null) return box ? <OverBox model={box} theme={theme} /> : null;
  return (
    <Box width={columns} height={rows}>
      <Text wrap="wrap">{theme.glyphs(tooSmall)}</Text>
    </Box>
  );
}
