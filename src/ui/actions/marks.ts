// Marks: groups chosen one by one, as a range, or all that a list shows. By number, so that no other is ever hit.

import type { View } from '../../protocol/messages.ts';
import { keyFor } from '../model/key-words.ts';
import type { MarkedList } from '../model/overlays.ts';
import { pendingTotal } from '../model/places/pending.ts';
import { streamRow, streamRows } from '../model/places/stream.ts';
import { type Outcome, only, shownView, type UiState } from '../model/state.ts';
import { decodeRow } from '../model/stream-record.ts';
import { count, plural } from '../text/format.ts';
import { say } from './say.ts';

/** Groups that are marked at a time; more are answered by device, or by a rule. */
export const MAX_MARKS = 10_000;

const listOf = (state: UiState): MarkedList => (state.focus === 'stream' ? 'stream' : 'pending');

/** Pending groups of the list that its window holds, in order. */
function inWindow(state: UiState, list: MarkedList): number[] {
  const view = shownView(state);
  if (!view) return [];
  if (list === 'pending') return view.snapshot.pending.map((row) => row.group);
  const rows = [...streamRows(state).seqs].map((seq) => decodeRow(view.stream, seq)!);
  return [...new Set(rows.filter((row) => row.state === 'pending').map((row) => row.group))];
}

/** The group under the cursor, also an answered one; a string says why there is none. */
function underCursor(state: UiState, list: MarkedList): number | string {
  if (list === 'pending') return state.pending.group ?? 'No group is pending.';
  const row = streamRow(state);
  if (!row) return 'No fault is selected.';
  if (state.stream.end === null)
    return `The stream is moving: press ${keyFor(state, 'up')} to select a fault, then mark its group.`;
  return row.group;
}

/** Why the group under the cursor cannot be marked; null: it can. */
function answered(state: UiState, list: MarkedList): string | null {
  const row = list === 'stream' ? streamRow(state) : null;
  if (!row || row.state === 'pending') return null;
  return `Group ${row.group} has been answered (${row.state}): nothing to mark.`;
}

/** Marks the group under the cursor, or unmarks it. */
export function markOne(state: UiState): Outcome {
  const list = listOf(state);
  const group = underCursor(state, list);
  if (typeof group === 'string') return say(state, 'info', group);
  const wrong = answered(state, list);
  if (wrong) return say(state, 'info', wrong);
  const marks = new Set(state.marks);
  if (!marks.delete(group)) marks.add(group);
  return marks.size > MAX_MARKS ? say(state, 'error', full()) : only({ ...endRange(state), marks });
}

const full = (): string => `At most ${count(MAX_MARKS)} groups can be marked.`;

/** Begins a range at the cursor, or ends the one that has begun. */
export function markRange(state: UiState): Outcome {
  if (state.range) {
    const ended = endRange(state);
    return ended.gathering ? only(ended) : say(ended, 'info', `${plural(ended.marks.size, 'group')} marked.`);
  }
  const list = listOf(state);
  const from = underCursor(state, list);
  if (typeof from === 'string') return say(state, 'info', from);
  const begun = extendRange({ ...state, range: { list, from, before: state.marks } });
  return say(begun, 'info', `Range: move to its other end, then ${keyFor(state, 'markRange')} again, or act.`);
}

/** The range ends at the cursor. Groups are in the order of their numbers in both lists. */
export function extendRange(state: UiState): UiState {
  const { range } = state;
  if (!range) return state;
  if (state.focus !== range.list) return endRange(state);
  const to = underCursor(state, range.list);
  if (typeof to === 'string') return state;
  const [low, high] = [Math.min(range.from, to), Math.max(range.from, to)];
  const seen = [...state.marks, ...inWindow(state, range.list)].filter((group) => group >= low && group <= high);
  return { ...state, marks: new Set([...range.before, ...seen].slice(0, MAX_MARKS)) };
}

/** Ends the range; rows of it that were never in sight are fetched. */
export function endRange(state: UiState): UiState {
  const { range } = state;
  if (!range) return state;
  const ended = { ...state, range: null };
  const to = underCursor(state, range.list);
  const numbers = inWindow(state, range.list);
  const [low, high] = [Math.min(range.from, Number(to)), Math.max(range.from, Number(to))];
  const whole = !numbers.length || (numbers[0]! <= low && numbers.at(-1)! >= high);
  if (range.list === 'stream' || typeof to === 'string' || whole) return ended;
  return { ...ended, gathering: { from: low, to: high } };
}

/** All groups of the list, including those out of sight. */
export function markAll(state: UiState): Outcome {
  const list = listOf(state);
  // The list then shows more than was asked for
  if (state.filters[list] && shownView(state)?.filters[list]?.error)
    return say(state, 'error', 'Not marked: the filter is wrong, and the list is not filtered by it.');
  const numbers = inWindow(state, list);
  if (!numbers.length) return say(state, 'info', 'There is no pending group to mark here.');
  const ended = { ...state, range: null };
  const whole = list === 'pending' && !state.frozen && numbers.length < pendingTotal(state);
  if (whole) return only({ ...ended, gathering: { from: 0, to: Number.MAX_SAFE_INTEGER } });
  return mark(
    ended,
    numbers,
    numbers.length,
    list === 'stream' ? ' in and near the visible rows' : ofAll(state, numbers),
  );
}

/** A frozen display has only the groups that were fetched before. */
function ofAll(state: UiState, numbers: readonly number[]): string {
  const view = shownView(state)!;
  const filter = view.filters.pending;
  const all = filter?.text ? filter.matched : view.snapshot.counters.pending;
  if (numbers.length >= all) return '';
  return ` of ${count(all)}: the frozen display has no others; ${keyFor(state, 'freeze')} resumes`;
}

/** `total`: how many there are, of which `numbers` are the oldest. */
function mark(state: UiState, numbers: readonly number[], total: number, which = ''): Outcome {
  const marks = new Set([...new Set([...state.marks, ...numbers])].slice(0, MAX_MARKS));
  const more = total > marks.size ? ` ${full()} Of ${count(total)}, these are the oldest.` : '';
  return say({ ...state, marks, gathering: null }, 'info', `${plural(marks.size, 'group')} marked${which}.${more}`);
}

export const unmarkAll = (state: UiState): UiState => ({ ...state, marks: new Set(), range: null, gathering: null });

/** With each view: answered groups leave the marks, and groups that had to be fetched are marked. */
export function settleMarks(state: UiState, view: View): UiState {
  let next = state;
  const gone = view.chosen?.gone.filter((group) => next.marks.has(group)) ?? [];
  if (gone.length) {
    const marks = new Set(next.marks);
    for (const group of gone) marks.delete(group);
    next = { ...next, marks };
  }
  return extendRange(gather(next, view));
}

/** The view that answers the request for all rows begins with the oldest, and has every row. */
function gather(state: UiState, { snapshot, filters }: View): UiState {
  const { gathering } = state;
  const total = filters.pending?.text ? filters.pending.matched : snapshot.counters.pending;
  const complete = snapshot.pendingFirst === 0 && snapshot.pending.length >= Math.min(total, MAX_MARKS);
  if (!gathering || !complete) return state;
  const numbers = snapshot.pending.map((row) => row.group).filter((g) => g >= gathering.from && g <= gathering.to);
  return mark(state, numbers, gathering.from === 0 ? total : numbers.length).state;
}
