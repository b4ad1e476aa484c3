// What an action needs of the screen beside the state.
import type { Copied } from '../model/copied.ts';
import type { Panel } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';

/**
 * The group that the newest frame on the terminal shows as the one to act on: in the detail pane if that has the cursor,
 * else in the pending panel; null: none. A slow link may lag behind the state.
 */
export type Highlighted = number | null;

/** The panels, and what may lie over them. */
export type BrokenPart = Panel | 'page' | 'palette' | 'prompt' | 'form' | 'help' | 'dialog' | 'unseen' | 'leaving';

export interface OnScreen {
  /** What cannot be drawn: nothing is done to what it does not show. */
  readonly broken: ReadonlySet<BrokenPart>;
  readonly highlighted: Highlighted;
  /** The row under the cursor, for the clipboard; null: there is none. */
  copied(state: UiState): Copied | null;
}
