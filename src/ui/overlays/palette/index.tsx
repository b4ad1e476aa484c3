// The palette: a line to type in, and what matches it.
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { UiState } from '../../model/state.ts';
import { Lines } from '../../paint/lines.tsx';
import { OverlayBox } from '../box.tsx';
import { paintPalette } from './paint.ts';

export function Palette(): ReactNode {
  const theme = useTheme();
  const box = useScreen(
    useCallback((state: UiState) => state.palette && paintPalette(state, state.palette, theme), [theme]),
  );
  return (
    box && (
      <OverlayBox rect={box.rect} title={box.title}>
        <Lines lines={box.lines} />
      </OverlayBox>
    )
  );
}
