// Following the journal, and stopping in it: as in the stream, by the numbers of the entries.

import type { JournalWindow } from '../../../protocol/messages.ts';
import { bodyHeight } from '../layout-of.ts';
import { shownView, type UiState } from '../state.ts';
import { clamp, type Move, moved, scrollTo } from './move.ts';
import type { Place } from './place.ts';

/** What may be shown: while frozen nothing that has been written since. */
function journalOf(state: UiState): JournalWindow | null {
  const window = shownView(state)?.journal ?? null;
  if (!window || !state.frozen) return window;
  const newest = state.frozen.view.snapshot.journal.entries;
  const shown = window.seqs.filter((seq) => seq <= newest);
  const newer = shown.length < window.seqs.length ? 0 : window.newer;
  return { ...window, seqs: shown, entries: window.entries.slice(0, shown.length), newer };
}

/** Index of the last row in sight; -1 without any. */
function endIndex({ seqs }: JournalWindow, end: number | null): number {
  if (end === null) return seqs.length - 1;
  const at = seqs.findLastIndex((seq) => seq <= end);
  return at < 0 ? Math.min(0, seqs.length - 1) : at;
}

/** Indices in the window of the rows in sight, from and to (exclusive), and of the one under the cursor. */
export function inSight(state: UiState, height: number): { from: number; to: number; cursor: number } {
  const window = journalOf(state);
  if (!window?.seqs.length) return { from: 0, to: 0, cursor: -1 };
  const end = endIndex(window, state.journal.end);
  const at = state.journal.cursor === null ? end : window.seqs.indexOf(state.journal.cursor);
  return { from: Math.max(0, end - height + 1), to: end + 1, cursor: at < 0 ? end : at };
}

/** Up stops following, and the rows stay; the last row's down, and End, follow again. */
function moveJournal(state: UiState, move: Move): UiState {
  const window = journalOf(state);
  if (!window?.seqs.length) return state;
  const last = state.frozen?.view.snapshot.journal.entries ?? null;
  const following = { ...state, journal: { cursor: null, end: last } };
  if (move === 'end') return following;
  if (move === 'home') return { ...state, journal: { cursor: 0, end: 0 } };
  const { seqs, newer } = window;
  const height = bodyHeight(state, 'journal');
  const { from, cursor } = inSight(state, height);
  const to = moved(cursor, move, height, seqs.length);
  if (newer === 0 && to === seqs.length - 1 && (move === 'down' || move === 'pageDown')) return following;
  const first = scrollTo(to, from, height, seqs.length);
  const end = seqs[Math.min(seqs.length, first + height) - 1]!;
  return { ...state, journal: { cursor: seqs[to]!, end } };
}

/** What was evicted makes room, and at the beginning the rows fill the panel; elsewhere nothing moves. */
function settleJournal(state: UiState): UiState {
  const { end, cursor } = state.journal;
  const window = journalOf(state);
  if (end === null || !window) return state;
  const { seqs, older, newer } = window;
  if (!seqs.length) return { ...state, journal: { cursor: null, end: null } };
  // The window that holds it is on its way
  if ((end < seqs[0]! && older > 0) || (end > seqs.at(-1)! && newer > 0)) return state;
  const height = bodyHeight(state, 'journal');
  const last = Math.max(endIndex(window, end), older === 0 ? Math.min(height, seqs.length) - 1 : 0);
  const top = Math.max(0, last - height + 1);
  const sought = cursor === null ? last : seqs.findIndex((seq) => seq >= cursor);
  const at = clamp(sought < 0 ? last : sought, top, last);
  return { ...state, journal: { end: seqs[last]!, cursor: seqs[at]! } };
}

/** Entries after the last one in sight. */
export function newerEntries(state: UiState): number {
  const window = journalOf(state);
  if (!window) return 0;
  return window.newer + window.seqs.length - 1 - endIndex(window, state.journal.end);
}

export const journalPlace: Place = {
  panel: 'journal',
  move: moveJournal,
  settle: settleJournal,
  cursorRow(state, height) {
    const { from, cursor } = inSight(state, height);
    return cursor < 0 ? null : cursor - from;
  },
  wants(state, height) {
    const rows = Math.max(1, height);
    const { end } = state.journal;
    if (end === null) return { journal: { rows: 2 * rows, end: null } };
    return { journal: { rows: 3 * rows, end, ahead: rows } };
  },
};
