// A box over the panels: opaque, with its title on its border.
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { Styled } from '../hooks/styled.tsx';
import { useTheme } from '../hooks/use-screen.ts';
import type { Rect } from '../model/layout.ts';
import { bordersOf } from '../text/borders.ts';
import { cutCells } from '../text/sanitise.ts';
import type { Style } from '../text/style.ts';

interface Props {
  rect: Rect;
  title: string;
  /** Of the border and the title. */
  style?: Style;
  /** Rows of `rect.width` - 4 cells. */
  children: ReactNode;
}

export function OverlayBox({ rect, title, style = 'accent', children }: Props): ReactNode {
  const theme = useTheme();
  const { left, top, width, height } = rect;
  return (
    <Box
      position="absolute"
      {...{ left, top, width, height }}
      borderStyle={bordersOf(theme)}
      borderColor={theme.colourOf(style)}
      backgroundColor="default"
    >
      <Box position="absolute" top={-1} left={1}>
        <Styled as={style}>{cutCells(` ${title} `, Math.max(0, width - 4))}</Styled>
      </Box>
      <Box flexDirection="column" paddingX={1} width={width - 2} height={height - 2} overflow="hidden">
        {children}
      </Box>
    </Box>
  );
}
