// A table: the titles of its columns, and its rows as one element.
import { type ReactNode, useCallback } from 'react';
import { useScreen, useTheme } from '../hooks/use-screen.ts';
import type { UiState } from '../model/state.ts';
import { Lines } from '../paint/lines.tsx';
import { paintTable, type TableOf } from './lines.ts';
import type { PanelProps } from './panel.tsx';

export function Table({ place, focused, of }: PanelProps & { of: TableOf }): ReactNode {
  const theme = useTheme();
  const { body } = place;
  const lines = useScreen(
    useCallback((state: UiState) => paintTable(of, state, body, { focused, theme }), [of, body, focused, theme]),
  );
  return <Lines lines={lines} />;
}
