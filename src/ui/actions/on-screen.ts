// What an action needs of the screen beside the state.
import type { Copied } from '../model/copied.ts';
import type { UiState } from '../model/state.ts';

/**
 * The group that the newest frame on the terminal shows as the one to act on: in the detail pane if that has the cursor,
 * else in the pending panel; null: none. A slow link may lag behind the state.
 */
export type Highlighted = number | null;

export interface OnScreen {
  readonly highlighted: Highlighted;
  /** The row under the cursor, for the clipboard; null: there is none. */
  copied(state: UiState): Copied | null;
}
