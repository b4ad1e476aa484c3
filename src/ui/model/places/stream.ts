// Following the stream, and stopping in it: the rows in sight are named by sequence number, so they stay as others come
// and go.

import { bodyHeight } from '../layout-of.ts';
import { shownView, type UiState } from '../state.ts';
import { decodeRow, rowAt, type StreamRow } from '../stream-record.ts';
import { clamp, type Move, moved, scrollTo } from './move.ts';
import type { Place } from './place.ts';

interface Rows {
  /** Sequence numbers that may be shown, of the window. */
  seqs: Float64Array;
  /** Oldest and newest of all that may be shown; both 0 when there is none. */
  oldest: number;
  newest: number;
}

/** What may be shown: while frozen nothing that has come since. */
export function streamRows(state: UiState): Rows {
  const stream = shownView(state)?.stream;
  if (!stream?.newest) return { seqs: new Float64Array(), oldest: 0, newest: 0 };
  const { seqs, oldest } = stream;
  if (!state.frozen || state.frozen.newest >= stream.newest) return { seqs, oldest, newest: stream.newest };
  return { seqs: seqs.subarray(0, rowAt(stream, state.frozen.newest + 1)), oldest, newest: state.frozen.newest };
}

/** Index of the last row that is in sight. */
function endIndex({ seqs, newest }: Rows, end: number | null): number {
  const last = end ?? newest;
  let at = seqs.length - 1;
  while (at > 0 && seqs[at]! > last) at--;
  return at;
}

/** Sequence numbers of the rows in sight, and the one under the cursor. */
export function inSight(state: UiState, height: number): { seqs: number[]; cursor: number } {
  const rows = streamRows(state);
  const end = endIndex(rows, state.stream.end);
  if (end < 0) return { seqs: [], cursor: 0 };
  const seqs = [...rows.seqs.subarray(Math.max(0, end - height + 1), end + 1)];
  return { seqs, cursor: state.stream.cursor ?? seqs.at(-1)! };
}

/** Up stops following, and the rows stay; the last row's down, and End, follow again. */
function moveStream(state: UiState, move: Move): UiState {
  const rows = streamRows(state);
  const { seqs, oldest, newest } = rows;
  if (!seqs.length) return state;
  const following = { ...state, stream: { cursor: null, end: state.frozen ? newest : null } };
  if (move === 'end') return following;
  if (move === 'home') return settleStream({ ...state, stream: { cursor: oldest, end: oldest } });
  const height = bodyHeight(state, 'stream');
  const end = endIndex(rows, state.stream.end);
  const cursor = state.stream.cursor ?? seqs[end]!;
  const from = clamp(rowAt({ seqs }, cursor), 0, seqs.length - 1);
  const to = moved(from, move, height, seqs.length);
  if (seqs[to] === newest && (move === 'down' || move === 'pageDown')) return following;
  const first = scrollTo(to, end - height + 1, height, seqs.length);
  return { ...state, stream: { cursor: seqs[to]!, end: seqs[Math.min(seqs.length - 1, first + height - 1)]! } };
}

/** At the beginning the rows fill the panel, and what was evicted makes room; elsewhere nothing moves. */
function settleStream(state: UiState): UiState {
  const rows = streamRows(state);
  const { seqs, oldest, newest } = rows;
  const { end, cursor } = state.stream;
  if (end === null || newest === 0) return { ...state, stream: { cursor: null, end: null } };
  // The window that holds it is on its way
  if (!seqs.length || (end < seqs[0]! && seqs[0]! > oldest) || (end > seqs.at(-1)! && seqs.at(-1)! < newest))
    return state;
  const height = bodyHeight(state, 'stream');
  const last = Math.max(endIndex(rows, end), seqs[0] === oldest ? Math.min(height, seqs.length) - 1 : 0);
  const top = Math.max(0, last - height + 1);
  return { ...state, stream: { end: seqs[last]!, cursor: clamp(cursor ?? seqs[last]!, seqs[top]!, seqs[last]!) } };
}

/** The record under the stream's cursor. */
export function streamRow(state: UiState): StreamRow | null {
  const window = shownView(state)?.stream;
  const { newest } = streamRows(state);
  return window && newest ? decodeRow(window, state.stream.cursor ?? state.stream.end ?? newest) : null;
}

export const streamPlace: Place = {
  panel: 'stream',
  move: moveStream,
  settle: settleStream,
  cursorRow(state, height) {
    const { seqs, cursor } = inSight(state, height);
    return seqs.length ? seqs.indexOf(cursor) : null;
  },
  wants(state, height) {
    const rows = Math.max(1, height);
    const { end } = state.stream;
    if (end === null) return { streamRows: 2 * rows, streamEnd: null };
    return { streamRows: 3 * rows, streamEnd: end, streamAhead: rows };
  },
};
