// A line of pieces: as many as fit, the least important left out.
import { Box, Text } from 'ink';
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { fitPieces, PIECE_GAP, type Piece } from '../text/pieces.ts';
import type { Theme } from '../text/theme.ts';

const paint = (pieces: readonly Piece[], theme: Theme): string =>
  pieces.map(({ text, style }) => theme.paint(style, theme.glyphs(text))).join(' '.repeat(PIECE_GAP));

export function Pieces({ of }: { of(state: UiState): Piece[] }): ReactNode {
  const theme = useTheme();
  const line = useScreen(
    useCallback((state: UiState) => paint(fitPieces(of(state), state.columns - 2, PIECE_GAP), theme), [of, theme]),
  );
  return (
    <Box height={1} paddingLeft={1} flexShrink={0} overflow="hidden">
      <Text wrap="truncate">{line}</Text>
    </Box>
  );
}
