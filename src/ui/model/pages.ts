// Which pages there are, and what there is to go back from.
import { FILTERED_LISTS, type FilteredList } from '../../protocol/messages.ts';
import type { Page, Panel } from './layout.ts';
import { shownView, type UiState } from './state.ts';

/** The owner of the queues has a page where there is one (--pid). */
export const isShown = (state: UiState, page: Page): boolean =>
  page !== 'owner' || Boolean(shownView(state)?.snapshot.owner);

/** Panels that only show have no cursor; the owner's has one for scrolling, on a page of its own. */
export const SHOWN_ONLY: readonly Panel[] = ['summary', 'owner'];

/** What there is to leave, one thing at a time: the pane, the marks, the filter of the list; null: nothing. */
export function toLeave(state: UiState): 'detail' | 'marks' | FilteredList | null {
  if (state.detail) return 'detail';
  if (state.marks.size || state.range || state.gathering) return 'marks';
  return FILTERED_LISTS.find((list) => list === state.focus && state.filters[list]) ?? null;
}

/** The filter for the pending groups of a device, or of one PASID of it. */
export const filterFor = (devId: number, pasid: number | null): string =>
  `devId == ${devId}${pasid === null ? '' : ` && pasid == ${pasid}`}`;
