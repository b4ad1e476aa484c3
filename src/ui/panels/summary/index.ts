// The summary panel: how things go, in a few lines: alarms, the oldest group, rates of the last seconds, counters.

import { shownView } from '../../model/state.ts';
import { paintWords } from '../lines.ts';
import type { PanelModule } from '../panel.ts';
import { summaryLines } from './lines.ts';

/** Cells that stay free at the left and at the right, as in the tables. */
const MARGIN = 2;

export const summaryPanel: PanelModule = {
  panel: 'summary',
  paint(state, body, _focused, theme) {
    const view = shownView(state);
    if (!view) return paintWords(['Waiting for the engine to start.'], body, theme);
    const lines = summaryLines(view, body.width - 2 * MARGIN, body.height, theme);
    return lines.map((line) => ' '.repeat(MARGIN) + line);
  },
  note: (state) => (shownView(state) ? 'a cell a second' : ''),
};
