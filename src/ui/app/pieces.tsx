// A line of pieces: as many as fit, the least wanted left out.
import { Box, Text } from 'ink';
import { Fragment, type ReactNode, useCallback } from 'react';
import { Styled } from '../hooks/styled.tsx';
import { useScreen } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { fitPieces, PIECE_GAP, type Piece } from '../text/pieces.ts';

export function Pieces({ of }: { of(state: UiState): Piece[] }): ReactNode {
  const pieces = useScreen(useCallback((state: UiState) => fitPieces(of(state), state.columns - 2, PIECE_GAP), [of]));
  return (
    <Box height={1} paddingLeft={1} flexShrink={0} overflow="hidden">
      <Text wrap="truncate">
        {pieces.map(({ text, style }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
          <Fragment key={i}>
            {i > 0 && ' '.repeat(PIECE_GAP)}
            <Styled as={style}>{text}</Styled>
          </Fragment>
        ))}
      </Text>
    </Box>
  );
}
