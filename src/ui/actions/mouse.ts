// The mouse, where it is on: the wheel scrolls what is under it, a click goes to a tab or selects a row.

import type { KeyPress } from '../../terminal/key-press.ts';
import { TAB_ROW, tabPieces } from '../model/header.ts';
import { PAGES, type PanelLayout } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import { SHOWN_ONLY } from '../model/pages.ts';
import { PLACES } from '../model/places/places.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { PIECE_GAP } from '../text/pieces.ts';
import { goToPage } from './move.ts';
import { say } from './say.ts';

const WHEEL_ROWS = 3;

export function toggleMouse(state: UiState): Outcome {
  const mouse = !state.mouse;
  const words = mouse
    ? 'Mouse on: the wheel scrolls, a click selects (Shift and the mouse: the terminal selects text).'
    : 'Mouse off: the terminal selects text again.';
  return say({ ...state, mouse }, 'done', words);
}

/** Null: the key is not of the mouse. */
export function onMouse(state: UiState, key: KeyPress): Outcome | null {
  if (!key.place) return null;
  const { column, row } = key.place;
  const panel = layoutOf(state).panels?.find(({ box }) => inside(box, column, row));
  if (key.name === 'click')
    return row === TAB_ROW ? clickTab(state, column) : only(panel ? click(state, panel, row) : state);
  if (!panel) return only(state);
  const move = key.name === 'wheel-up' ? 'up' : 'down';
  let next = state;
  for (let i = 0; i < WHEEL_ROWS; i++) next = PLACES[panel.panel].move(next, move);
  return only(next);
}

const inside = ({ left, top, width, height }: PanelLayout['box'], column: number, row: number): boolean =>
  column >= left && column < left + width && row >= top && row < top + height;

function clickTab(state: UiState, column: number): Outcome {
  const tabs = tabPieces(state);
  let left = 1;
  for (const [i, { text }] of tabs.entries()) {
    if (column >= left && column < left + text.length) return goToPage(state, PAGES[i]!);
    left += text.length + PIECE_GAP;
  }
  return only(state);
}

/** Focuses the panel, and moves its cursor to the row that was clicked. */
function click(state: UiState, { panel, body }: PanelLayout, row: number): UiState {
  if (SHOWN_ONLY.includes(panel)) return state;
  let next: UiState = { ...state, focus: panel };
  const { cursorRow, move } = PLACES[panel];
  const at = cursorRow?.(next, body.height) ?? null;
  if (at === null || row < body.top || row >= body.top + body.height) return next;
  const by = row - body.top - at;
  for (let i = 0; i < Math.abs(by); i++) next = move(next, by < 0 ? 'up' : 'down');
  return next;
}
