// What every panel is: the pages are put together of these, and know nothing else of them.
import type { WindowRequest } from '../../protocol/messages.ts';
import type { Panel, Rect } from '../layout.ts';
import type { Copied } from '../state/copy.ts';
import type { UiState } from '../state/state.ts';
import type { Theme } from '../text/theme.ts';

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end';

export interface PanelModule {
  readonly panel: Panel;
  /** The column titles in `width` cells; only for panels whose layout has a row for them. */
  titles?(state: UiState, width: number): string;
  /** Painted rows, at most `body.height`, each of `body.width` cells. `focused`: the cursor is in this panel. */
  paint(state: UiState, body: Rect, focused: boolean, theme: Theme): string[];
  /** What stands at the right of its title; '' for nothing. */
  note(state: UiState): string;
  /** Moves the cursor. */
  move(state: UiState, move: Move): UiState;
  /** Brings its place into what the newest view has: selections stick to what they name. */
  settle?(state: UiState): UiState;
  /** What the row under the cursor is on the clipboard; null: there is none. */
  copy?(state: UiState): Copied | null;
  /** Which row of the body, from 0, has the cursor; null: none. */
  cursorRow?(state: UiState, height: number): number | null;
  /** What it needs of the engine; `height`: rows it has on the screen (some, where it is not in sight). */
  wants?(state: UiState, height: number): Partial<WindowRequest>;
}

/** Where a move leads from `index` in a list of `total` with `height` in sight. */
export function moved(index: number, move: Move, height: number, total: number): number {
  const page = Math.max(1, height - 1);
  const to = {
    up: index - 1,
    down: index + 1,
    pageUp: index - page,
    pageDown: index + page,
    home: 0,
    end: total - 1,
  }[move];
  return clamp(to, 0, Math.max(0, total - 1));
}

export const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));

/** The first row so that `index` is in sight, moving as little as possible. */
export function scrollTo(index: number, top: number, height: number, total: number): number {
  const highest = Math.max(0, total - height);
  return clamp(clamp(top, index - height + 1, index), 0, highest);
}
