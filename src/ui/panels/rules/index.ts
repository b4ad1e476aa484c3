// The rules panel.
import { paintWords } from '../lines.ts';
import type { PanelModule } from '../panel.ts';

export const rulesPanel: PanelModule = {
  panel: 'rules',
  paint: (_state, body, _focused, theme) => paintWords(['Nothing yet.'], body, theme),
  note: () => '',
  move: (state) => state,
};
