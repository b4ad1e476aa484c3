// Where the panels are, as the state is.
import { type Layout, type LayoutRequest, layoutFor, type Panel, placed, UNKNOWN_OWNER_ROWS } from './layout.ts';
import { overviewRows } from './owner/overview-rows.ts';
import { deviceLineCount } from './places/device-tree.ts';
import { shownView, type UiState } from './state.ts';

/** The last one: a view seldom changes it, and many ask. */
let last: { request: LayoutRequest; layout: Layout } | null = null;

/** Where each panel is, in cells; panels null: the terminal is too small. */
export function layoutOf(state: UiState): Layout {
  const { columns, rows, page, detail } = state;
  const deviceRows = deviceLineCount(state);
  const request = { columns, rows, page, detail: detail !== null, deviceRows, ownerRows: ownerRows(state) };
  if (!last || !isSameRequest(request, last.request)) last = { request, layout: layoutFor(request) };
  return last.layout;
}

const isSameRequest = (a: LayoutRequest, b: LayoutRequest): boolean =>
  a.columns === b.columns &&
  a.rows === b.rows &&
  a.page === b.page &&
  a.detail === b.detail &&
  a.deviceRows === b.deviceRows &&
  a.ownerRows === b.ownerRows;

function ownerRows(state: UiState): number {
  const view = shownView(state);
  if (view) return overviewRows(view.snapshot.owner);
  return state.hello.abilities.owner ? UNKNOWN_OWNER_ROWS : 0;
}

/** Rows that a panel which is not in sight is kept ready for. */
const UNSEEN_ROWS = 10;

/** Rows of data that a panel has now. */
export function bodyHeight(state: UiState, panel: Panel): number {
  return placed(layoutOf(state), panel)?.body.height ?? UNSEEN_ROWS;
}
