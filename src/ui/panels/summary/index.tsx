// The summary panel: how things go, in a few lines: alarms, the oldest group, rates of the last seconds, counters.

import type { ReactNode } from 'react';
import { useScreen, useTheme } from '../../hooks/use-screen.ts';
import type { Rect } from '../../model/layout.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { Lines } from '../../paint/lines.tsx';
import type { Theme } from '../../text/theme.ts';
import { paintWords } from '../lines.ts';
import { Panel, type PanelProps } from '../panel.tsx';
import { summaryLines } from './lines.ts';

/** Cells that stay free at the left and at the right, as in the tables. */
const MARGIN = 2;

function paint(state: UiState, body: Rect, theme: Theme): string[] {
  const view = shownView(state);
  if (!view) return paintWords(['Waiting for the engine to start.'], body, theme);
  const lines = summaryLines(view, body.width - 2 * MARGIN, body.height, theme);
  return lines.map((line) => ' '.repeat(MARGIN) + line);
}

const note = (state: UiState): string => (shownView(state) ? '1 cell = 1 s' : '');

export function SummaryPanel(props: PanelProps): ReactNode {
  const theme = useTheme();
  const { place } = props;
  const rows = useScreen((state) => paint(state, place.body, theme));
  return (
    <Panel {...props} note={note}>
      <Lines lines={rows} />
    </Panel>
  );
}
