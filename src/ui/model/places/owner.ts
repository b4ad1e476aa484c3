// The lines of the owner's page, and how far down it is scrolled.
import { placed } from '../layout.ts';
import { layoutOf } from '../layout-of.ts';
import { type OwnerLine, pageLines } from '../owner/page.ts';
import { shownView, type UiState } from '../state.ts';
import { clamp, type Move } from './move.ts';
import type { Place } from './place.ts';

/** Cells that stay free at both sides. */
export const MARGIN = 2;
/** Longer lines are hard to read. */
export const MOST_CELLS = 120;

export const inner = (width: number): number => Math.min(MOST_CELLS, width - 2 * MARGIN);

export function linesOf(state: UiState, width: number): OwnerLine[] {
  const snapshot = shownView(state)?.snapshot;
  return snapshot?.owner ? pageLines(snapshot.owner, snapshot.queues, state, inner(width)) : [];
}

/** How far down the page can be scrolled. */
export function mostTop(state: UiState): number {
  const body = placed(layoutOf(state), 'owner')?.body;
  return body && state.page === 'owner' ? Math.max(0, linesOf(state, body.width).length - body.height) : 0;
}

function move(state: UiState, how: Move): UiState {
  const page = Math.max(1, (placed(layoutOf(state), 'owner')?.body.height ?? 1) - 2);
  const by = { up: -1, down: 1, pageUp: -page, pageDown: page, home: Number.NEGATIVE_INFINITY, end: Infinity }[how];
  return { ...state, owner: { top: clamp(state.owner.top + by, 0, mostTop(state)) } };
}

export const ownerPlace: Place = {
  panel: 'owner',
  move,
  settle(state) {
    const top = clamp(state.owner.top, 0, mostTop(state));
    return top === state.owner.top ? state : { ...state, owner: { top } };
  },
};
