// Where the cursor of a panel is, what moves it, and what the engine is asked for so that the panel has its rows.
import type { WindowRequest } from '../../../protocol/messages.ts';
import type { Panel } from '../layout.ts';
import type { UiState } from '../state.ts';
import type { Move } from './move.ts';

export interface Place {
  readonly panel: Panel;
  /** Moves the cursor. */
  move(state: UiState, move: Move): UiState;
  /** Brings the place into what the newest view has: selections stick to what they name. */
  settle?(state: UiState): UiState;
  /** Which row of the body, from 0, has the cursor; null: none. */
  cursorRow?(state: UiState, height: number): number | null;
  /** What it needs of the engine; `height`: rows it has on the screen (some, where it is not in sight). */
  wants?(state: UiState, height: number): Partial<WindowRequest>;
}
