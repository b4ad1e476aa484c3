// A box of painted rows, for what changes with every key.
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../hooks/use-screen.ts';
import type { Rect } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import { Lines } from '../paint/lines.tsx';
import type { Theme } from '../text/theme.ts';
import { OverlayBox } from './box.tsx';

export interface PaintedBox {
  rect: Rect;
  title: string;
  /** Each of rect.width - 4 cells. */
  lines: string[];
}

/** `of`: null where it is not shown. */
export function PaintedOverlay({ of }: { of(state: UiState, theme: Theme): PaintedBox | null }): ReactNode {
  const theme = useTheme();
  const box = useScreen(useCallback((state: UiState) => of(state, theme), [of, theme]));
  return box && <Painted box={box} />;
}

export const Painted = ({ box }: { box: PaintedBox }): ReactNode => (
  <OverlayBox rect={box.rect} title={box.title}>
    <Lines lines={box.lines} />
  </OverlayBox>
);
