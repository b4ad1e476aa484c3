// What a new view does to the selections: they stick to what they name, and yield only when that is gone.
import type { PendingRow, View } from '../../protocol/messages.ts';
import { bodyHeight, deviceLines, type PendingPlace, type UiState } from './state.ts';

const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));

/** Takes a view in. While frozen only the newest view changes, not what is shown. */
export function takeView(state: UiState, view: View, now: number): UiState {
  const next = { ...state, view, now, status: state.status && state.status.until > now ? state.status : null };
  if (next.frozen) return { ...next, frozen: { ...next.frozen, view: { ...next.frozen.view, stream: view.stream } } };
  return settle({ ...next, asked: stillAsked(next, view) });
}

/** Brings all places into what there is to show. */
export function settle(state: UiState): UiState {
  const view = state.frozen?.view ?? state.view;
  if (!view) return state;
  return {
    ...state,
    devices: settleDevices(state),
    pending: settlePending(state, view),
    stream: settleStream(state, view),
  };
}

/** Answers on their way whose group is pending no more are forgotten once their command is also done. */
function stillAsked(state: UiState, view: View): UiState['asked'] {
  const [oldest, newest] = [view.snapshot.pending[0], view.snapshot.pending.at(-1)];
  const here = new Set(view.snapshot.pending.map((row) => row.group));
  const gone = (group: number | null) =>
    group !== null && oldest && newest && group >= oldest.group && group <= newest.group && !here.has(group);
  const kept = [...state.asked].filter(([, asked]) => !gone(asked.group)).slice(-256);
  return kept.length === state.asked.size ? state.asked : new Map(kept);
}

function settleDevices(state: UiState): UiState['devices'] {
  const lines = deviceLines(state);
  const height = bodyHeight(state, 'devices');
  if (!lines.length) return { key: null, top: 0 };
  const { key } = state.devices;
  let index = lines.findIndex((line) => line.key === key);
  // a PASID that was detached: to its device, never to another one
  if (index < 0) index = lines.findIndex((line) => line.key === key?.split(':')[0]);
  index = Math.max(0, index);
  return { key: lines[index]!.key, top: scrollTo(index, state.devices.top, height, lines.length) };
}

function settlePending(state: UiState, view: View): PendingPlace {
  const { pending: rows, pendingFirst: first, counters } = view.snapshot;
  const place = state.pending;
  const height = bodyHeight(state, 'pending');
  if (!rows.length) return emptyPlace(place, counters.pending, height, state.now);
  const total = Math.max(counters.pending, first + rows.length);
  const at = rows.findIndex((row) => row.group === place.group);
  if (at >= 0) {
    // the row stays where it is on the screen when older groups go
    const moved = first + at - place.index;
    const top = place.top > 0 ? place.top + moved : 0;
    return { ...place, index: first + at, top: scrollTo(first + at, top, height, total) };
  }
  const forced = place.group !== null;
  if (place.group !== null && outside(place.group, rows, first, total)) return fetchPlace(place, rows, height, total);
  // a jump to beyond the window: the view that shows it is on its way
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

/** The selected group is beyond the window: moves the window towards it. */
function fetchPlace(place: PendingPlace, rows: readonly PendingRow[], height: number, total: number): PendingPlace {
  const up = place.group! < rows[0]!.group;
  const top = clamp(place.top + (up ? -height : height), 0, Math.max(0, total - height));
  return { ...place, top, index: top };
}

/** The row that takes the place of a group that is gone: the next one, or the last. */
function neighbour(group: number, rows: readonly PendingRow[]): number {
  const next = rows.findIndex((row) => row.group > group);
  return next < 0 ? rows.length - 1 : next;
}

function settleStream(state: UiState, view: View): UiState['stream'] {
  const { oldest, newest } = view.stream;
  const height = bodyHeight(state, 'stream');
  const { end, cursor } = state.stream;
  if (end === null || newest === 0) return { end: null, cursor: null };
  const lowest = Math.min(newest, oldest + height - 1);
  const kept = clamp(end, lowest, newest);
  return { end: kept, cursor: clamp(cursor ?? kept, Math.max(oldest, kept - height + 1), kept) };
}

/** The first row so that `index` is in sight, moving as little as possible. */
export function scrollTo(index: number, top: number, height: number, total: number): number {
  const highest = Math.max(0, total - height);
  return clamp(clamp(top, index - height + 1, index), 0, highest);
}
