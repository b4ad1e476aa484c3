// The status line.
import type { Outcome, Status, UiState } from '../model/state.ts';

const SECONDS: Record<Status['kind'], number> = { done: 4, info: 5, error: 10, hint: 15 };

/** Says something for a few seconds, and does nothing else. */
export function say(state: UiState, kind: Status['kind'], text: string): Outcome {
  return { state: { ...state, status: { kind, text, until: state.now + SECONDS[kind] } }, effects: [] };
}

/** Simulated time has reached its pause. */
export function sayPaused(state: UiState): UiState {
  const at = `${state.hello.pauseAt} s`;
  return say(state, 'info', `Simulated time is stopped at ${at}; keys still work (any key clears this line)`).state;
}
