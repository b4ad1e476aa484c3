// A table: the titles of its columns, and its rows as one element.
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { Line } from '../paint/line.tsx';
import { Lines } from '../paint/lines.tsx';
import { paintRows, paintTitles, type TableOf } from './lines.ts';
import type { PanelProps } from './panel.tsx';

export function Table({ place, focused, of }: PanelProps & { of: TableOf }): ReactNode {
  const theme = useTheme();
  const { body } = place;
  const titles = useScreen(
    useCallback((state: UiState) => paintTitles(of, state, body.width, theme), [of, body.width, theme]),
  );
  const rows = useScreen(
    useCallback((state: UiState) => paintRows(of, state, body, { focused, theme }), [of, body, focused, theme]),
  );
  return (
    <>
      <Line text={titles} />
      <Lines lines={rows} />
    </>
  );
}
