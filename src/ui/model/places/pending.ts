// The selected pending group: it sticks to its number and yields only when that group is gone.

import type { PendingRow } from '../../../protocol/messages.ts';
import { bodyHeight } from '../layout-of.ts';
import { type PendingPlace, shownView, type UiState } from '../state.ts';
import { clamp, type Move, moved, scrollTo } from './move.ts';
import type { Place } from './place.ts';

/** Pending groups that the filter lets through. */
export function pendingTotal(state: UiState): number {
  const view = shownView(state);
  if (!view) return 0;
  const { pending, pendingFirst, counters } = view.snapshot;
  const known = pending.length ? pendingFirst + pending.length : 0;
  if (state.frozen) return known;
  const filter = view.filters.pending;
  return Math.max(filter?.text ? filter.matched : counters.pending, known);
}

function movePending(state: UiState, move: Move): UiState {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot?.pending.length) return state;
  const { pending: rows, pendingFirst: first } = snapshot;
  const total = pendingTotal(state);
  const height = bodyHeight(state, 'pending');
  const to = moved(state.pending.index, move, height, total);
  // What the frozen screen does not have is never fetched
  const index = state.frozen ? Math.max(first, to) : to;
  const top = scrollTo(index, state.pending.top, height, total);
  // Beyond the window the group is not known yet: the next view says which one stands there
  const group = rows[index - first]?.group ?? null;
  return { ...state, pending: { ...state.pending, group, index, top } };
}

function settlePending(state: UiState): PendingPlace {
  const { pending: rows, pendingFirst: first } = shownView(state)!.snapshot;
  const place = state.pending;
  const height = bodyHeight(state, 'pending');
  const total = pendingTotal(state);
  if (!rows.length) return emptyPlace(place, total, height, state.now);
  const at = rows.findIndex((row) => row.group === place.group);
  if (at >= 0) {
    // The row stays where it is on the screen when older groups go
    const moved = first + at - place.index;
    const top = place.top > 0 ? place.top + moved : 0;
    return { ...place, index: first + at, top: scrollTo(first + at, top, height, total) };
  }
  const forced = place.group !== null;
  if (place.group !== null && outside(place.group, rows, first, total)) return fetchPlace(place, rows, first, total);
  // A jump to beyond the window: the view that shows it is on its way
  if (!forced && place.index < total && (place.index < first || place.index >= first + rows.length)) return place;
  const index = place.group === null ? clamp(place.index - first, 0, rows.length - 1) : neighbour(place.group, rows);
  return {
    group: rows[index]!.group,
    index: first + index,
    top: scrollTo(first + index, place.top, height, total),
    movedAt: forced ? state.now : place.movedAt,
    movedFrom: forced ? place.group : place.movedFrom,
  };
}

/** Nothing in the window: nothing is pending, or the list has shrunk to above it. */
function emptyPlace(place: PendingPlace, total: number, height: number, now: number): PendingPlace {
  if (total > 0) return { ...place, index: Math.min(place.index, total - 1), top: Math.max(0, total - height) };
  const went = place.group !== null;
  return { group: null, index: 0, top: 0, movedAt: went ? now : place.movedAt, movedFrom: went ? place.group : null };
}

/** Groups are in order of their numbers: one beyond the window's ends may still be pending, out of sight. */
function outside(group: number, rows: readonly PendingRow[], first: number, total: number): boolean {
  if (group < rows[0]!.group) return first > 0;
  return group > rows.at(-1)!.group && first + rows.length < total;
}

/** The selected group is beyond the window: moves the window to where it should be, by how dense the numbers are here. */
function fetchPlace(place: PendingPlace, rows: readonly PendingRow[], first: number, total: number): PendingPlace {
  const [oldest, newest] = [rows[0]!.group, rows.at(-1)!.group];
  const density = rows.length / (newest - oldest + 1);
  const up = place.group! < oldest;
  const distance = up ? place.group! - oldest : place.group! - newest;
  const from = up ? first : first + rows.length - 1;
  const step = Math.round(distance * density) || Math.sign(distance);
  const index = clamp(from + step, 0, total - 1);
  return { ...place, top: index, index };
}

/** The row that takes the place of a group that is gone: the next one, or the last. */
function neighbour(group: number, rows: readonly PendingRow[]): number {
  const next = rows.findIndex((row) => row.group > group);
  return next < 0 ? rows.length - 1 : next;
}

export const pendingPlace: Place = {
  panel: 'pending',
  move: movePending,
  cursorRow: (state) => (state.pending.group === null ? null : state.pending.index - state.pending.top),
  settle: (state) => (shownView(state) ? { ...state, pending: settlePending(state) } : state),
  wants(state, height) {
    const rows = Math.max(1, height);
    const first = Math.max(0, state.pending.top - rows);
    return { pendingRows: state.pending.top - first + 2 * rows, pendingFirst: first };
  },
};
