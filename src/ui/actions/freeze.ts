// The display stands as it is while faults are read on; and shows the newest view again.
import { type Outcome, only, type UiState } from '../model/state.ts';
import { placeInFiltered, settle } from './settle.ts';

/** Freezes the display, or resumes it. */
export function freeze(state: UiState): Outcome {
  if (state.frozen) return only(resume(state));
  if (!state.view) return only(state);
  const { stream, snapshot } = state.view;
  const { newest } = stream;
  const end = state.stream.end ?? (newest || null);
  const journal = { ...state.journal, end: state.journal.end ?? (snapshot.journal.entries || null) };
  const frozen = { view: state.view, at: state.now, newest, answered: new Map<number, string>() };
  return only({ ...state, frozen, stream: { ...state.stream, end }, journal });
}

/** Shows the newest view again. */
export function resume(state: UiState): UiState {
  const following = { cursor: null, end: null };
  const { frozen, view } = state;
  if (!frozen || !view) return state;
  const pending = placeInFiltered({ ...state, view: frozen.view }, view);
  return settle({ ...state, pending, frozen: null, stream: following, journal: following });
}
