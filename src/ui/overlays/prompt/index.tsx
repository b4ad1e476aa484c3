// The prompt of a filter: the line that is typed on the footer's row, the verdict on it above, and the names to choose from.
import { Box } from 'ink';
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { UiState } from '../../model/state.ts';
import { Line } from '../../paint/line.tsx';
import { Painted } from '../painted-overlay.tsx';
import { paintPrompt } from './paint.ts';

export function Prompt(): ReactNode {
  const theme = useTheme();
  const shown = useScreen(
    useCallback((state: UiState) => state.prompt && paintPrompt(state, state.prompt, theme), [theme]),
  );
  if (!shown) return null;
  const { names, said, line } = shown;
  return (
    <>
      {names && <Painted box={names} />}
      {said !== null && (
        <Box position="absolute" bottom={1} left={2}>
          <Line text={said} />
        </Box>
      )}
      <Box position="absolute" bottom={0} left={0}>
        <Line text={line} />
      </Box>
    </>
  );
}
