// What every panel shows, whatever it is made of.
import type { Copied } from '../model/copied.ts';
import type { Panel, Rect } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import type { Theme } from '../text/theme.ts';

export interface PanelModule {
  readonly panel: Panel;
  /** The column titles in `width` cells; only for panels whose layout has a row for them. */
  titles?(state: UiState, width: number): string;
  /** Painted rows, at most `body.height`, each of `body.width` cells. `focused`: the cursor is in this panel. */
  paint(state: UiState, body: Rect, focused: boolean, theme: Theme): string[];
  /** What stands at the right of its title; '' for nothing. */
  note(state: UiState): string;
  /** What the row under the cursor is on the clipboard; null: there is none. */
  copy?(state: UiState): Copied | null;
}
