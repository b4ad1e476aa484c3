// The statistics panel.
import { paintWords } from '../lines.ts';
import type { PanelModule } from '../panel.ts';

export const statisticsPanel: PanelModule = {
  panel: 'statistics',
  paint: (_state, body, _focused, theme) => paintWords(['Nothing yet.'], body, theme),
  note: () => '',
  move: (state) => state,
};
