// Moving the cursor of the focused panel.
import { scrollTo } from './follow.ts';
import { bodyHeight, deviceLines, shownView, streamBounds, type UiState } from './state.ts';

export type Move = 'up' | 'down' | 'pageUp' | 'pageDown' | 'home' | 'end';

/** Where a move leads from `index` in a list of `total` with `height` in sight. */
export function moved(index: number, move: Move, height: number, total: number): number {
  const page = Math.max(1, height - 1);
  const to = {
    up: index - 1,
    down: index + 1,
    pageUp: index - page,
    pageDown: index + page,
    home: 0,
    end: total - 1,
  }[move];
  return Math.max(0, Math.min(to, total - 1));
}

export function moveCursor(state: UiState, move: Move): UiState {
  if (state.focus === 'devices') return moveDevices(state, move);
  return state.focus === 'pending' ? movePending(state, move) : moveStream(state, move);
}

function moveDevices(state: UiState, move: Move): UiState {
  const lines = deviceLines(state);
  if (!lines.length) return state;
  const height = bodyHeight(state, 'devices');
  const from = lines.findIndex((line) => line.key === state.devices.key);
  const index = moved(Math.max(0, from), move, height, lines.length);
  const top = scrollTo(index, state.devices.top, height, lines.length);
  return { ...state, devices: { key: lines[index]!.key, top } };
}

function movePending(state: UiState, move: Move): UiState {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot?.pending.length) return state;
  const { pending: rows, pendingFirst: first } = snapshot;
  const total = state.frozen ? first + rows.length : Math.max(snapshot.counters.pending, first + rows.length);
  const height = bodyHeight(state, 'pending');
  const index = moved(state.pending.index, move, height, total);
  const top = scrollTo(index, state.pending.top, height, total);
  // beyond the window the group is not known yet: the next view says which one stands there
  const group = rows[index - first]?.group ?? null;
  return { ...state, pending: { ...state.pending, group, index, top } };
}

/** Up stops following, and the rows stay; the last row's down, and End, follow again. */
function moveStream(state: UiState, move: Move): UiState {
  const { oldest, newest } = streamBounds(state);
  if (!newest) return state;
  const height = bodyHeight(state, 'stream');
  const following = { ...state, stream: { cursor: null, end: state.frozen ? newest : null } };
  if (move === 'end') return following;
  const end = state.stream.end ?? newest;
  const total = newest - oldest + 1;
  const index = moved((state.stream.cursor ?? end) - oldest, move, height, total);
  const cursor = oldest + index;
  if (cursor === newest && (move === 'down' || move === 'pageDown')) return following;
  const first = scrollTo(index, end - height + 1 - oldest, height, total);
  return { ...state, stream: { cursor, end: Math.min(newest, oldest + first + height - 1) } };
}
