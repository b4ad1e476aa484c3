// Nothing is done to what cannot be drawn.
import { partName } from '../model/layout.ts';
import type { Outcome, UiState } from '../model/state.ts';
import type { BrokenPart, OnScreen } from './on-screen.ts';
import { say } from './say.ts';

/** Null: the part is drawn. */
export const refuseBroken = (state: UiState, part: BrokenPart, { broken }: OnScreen): Outcome | null =>
  broken.has(part) ? say(state, 'error', `Not done: the ${partName(part)} cannot be drawn.`) : null;
