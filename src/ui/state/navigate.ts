// Getting about: between the pages, between the panels of a page, and in and out of a closer look.
import { FILTERED_LISTS, type FilteredList } from '../../protocol/messages.ts';
import { PAGES, type Page, type Panel, WITH_DETAIL } from '../layout.ts';
import { settleDetail, underCursor } from '../panels/detail/place.ts';
import { deviceLines } from '../panels/devices/tree.ts';
import type { Move } from '../panels/panel.ts';
import { PANEL_MODULES } from '../panels/registry.ts';
import { withoutOwner } from './abilities.ts';
import { unmarkAll } from './marks.ts';
import { say } from './say.ts';
import { layoutOf, type Outcome, only, shownView, type UiState } from './state.ts';
import { settle, settleFocus } from './take.ts';

/** The page's list has the cursor; the overview remembers which of its panels had it. */
export function goTo(state: UiState, page: Page): Outcome {
  if (state.page === page) return only(state);
  if (!isShown(state, page)) return say(state, 'info', withoutOwner(state.hello));
  const overviewFocus = state.page === 'overview' ? state.focus : state.overviewFocus;
  const focus: Panel = page === 'overview' ? overviewFocus : page;
  return only(settle(settleFocus({ ...state, page, focus, overviewFocus, detail: null })));
}

/** The owner of the queues has a page where there is one (--pid). */
export const isShown = (state: UiState, page: Page): boolean =>
  page !== 'owner' || Boolean(shownView(state)?.snapshot.owner);

export function nextPage(state: UiState, step: number): Outcome {
  const pages = PAGES.filter((page) => isShown(state, page));
  const at = (pages.indexOf(state.page) + step + pages.length) % pages.length;
  return goTo(state, pages[at]!);
}

/** Panels that only show have no cursor; the owner's has one for scrolling, on a page of its own. */
export const SHOWN_ONLY: readonly Panel[] = ['summary', 'owner'];

export function nextPanel(state: UiState, step: number): Outcome {
  const panels = (layoutOf(state).panels ?? []).map((p) => p.panel).filter((panel) => !SHOWN_ONLY.includes(panel));
  if (!panels.length) return only(state);
  const at = (panels.indexOf(state.focus) + step + panels.length) % panels.length;
  return only({ ...state, focus: panels[at]! });
}

export function moveCursor(state: UiState, move: Move): Outcome {
  return only(settleDetail(PANEL_MODULES[state.focus].move(state, move)));
}

/** A closer look at what is under the cursor: the group's records, or what is pending of a device. */
export function open(state: UiState): Outcome {
  if (state.focus === 'devices') return openDevice(state);
  if (!WITH_DETAIL.includes(state.page)) return only(state);
  if (state.detail) return only({ ...state, focus: 'detail' });
  const at = underCursor(state);
  if (!at) return say(state, 'info', 'No group is selected.');
  return only(settleFocus({ ...state, focus: 'detail', detail: { ...at, field: 0 } }));
}

/** Its pending groups, by the filter of that list. */
function openDevice(state: UiState): Outcome {
  const line = deviceLines(state).find(({ key }) => key === state.devices.key);
  if (!line) return say(state, 'info', 'No device is selected.');
  const pasid = line.branch === 'device' ? null : line.attachment!.pasid;
  const filters = { ...state.filters, pending: filterFor(line.device.devId, pasid) };
  return goTo({ ...state, filters }, 'pending');
}

/** The filter for the pending groups of a device, or of one PASID of it. */
export const filterFor = (devId: number, pasid: number | null): string =>
  `devId == ${devId}${pasid === null ? '' : ` && pasid == ${pasid}`}`;

/** What there is to leave, one thing at a time: the pane, the marks, the filter of the list; null: nothing. */
export function toLeave(state: UiState): 'detail' | 'marks' | FilteredList | null {
  if (state.detail) return 'detail';
  if (state.marks.size || state.range || state.gathering) return 'marks';
  return FILTERED_LISTS.find((list) => list === state.focus && state.filters[list]) ?? null;
}

export function back(state: UiState): Outcome {
  const left = toLeave(state);
  if (left === null) return only(state);
  if (left === 'marks') return only(unmarkAll(state));
  if (left !== 'detail') return only(settle({ ...state, filters: { ...state.filters, [left]: '' } }));
  const list: Panel = state.page === 'overview' ? state.overviewFocus : state.page;
  return only(settle({ ...state, detail: null, focus: state.focus === 'detail' ? list : state.focus }));
}
