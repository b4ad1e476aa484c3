// Cursors and scroll positions, brought within what there is to show.
import type { View } from '../../protocol/messages.ts';
import { layoutOf } from '../model/layout-of.ts';
import { PLACES } from '../model/places/places.ts';
import type { PendingPlace, UiState } from '../model/state.ts';

const ALL = Object.values(PLACES);

/** Brings all cursors and scroll positions within what there is to show. */
export function settle(state: UiState): UiState {
  if (!state.view) return state;
  return settleFocus(ALL.reduce((settled, { settle: own }) => own?.(settled) ?? settled, state));
}

/** A panel that another size or page has no room for does not keep the cursor. */
export function settleFocus(state: UiState): UiState {
  const { panels } = layoutOf(state);
  if (!panels || panels.some(({ panel }) => panel === state.focus)) return state;
  const focus = panels.find(({ panel }) => panel === 'pending') ?? panels[0]!;
  return { ...state, focus: focus.panel };
}

const pendingFilter = (view: View | null): string => view?.filters.pending?.text ?? '';

/** Another filter makes another list: a group that it leaves out is not gone, and the list is shown from its beginning. */
export function placeInFiltered({ view: before, pending: place }: UiState, view: View): PendingPlace {
  const filter = pendingFilter(view);
  const kept = filter === pendingFilter(before) || filter === '';
  if (kept || view.snapshot.pending.some((row) => row.group === place.group)) return place;
  return { ...place, group: null, index: 0, top: 0, movedFrom: null };
}
