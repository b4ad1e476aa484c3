// Moving about: between the pages, between the panels of a page, and in and out of the detail.

import { withoutOwner } from '../model/abilities.ts';
import { PAGES, type Page, type Panel, WITH_DETAIL } from '../model/layout.ts';
import { layoutOf } from '../model/layout-of.ts';
import { filterFor, isShown, SHOWN_ONLY, toLeave } from '../model/pages.ts';
import { settleDetail, underCursor } from '../model/places/detail.ts';
import { deviceLines } from '../model/places/device-tree.ts';
import type { Move } from '../model/places/move.ts';
import { PLACES } from '../model/places/places.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { unmarkAll } from './marks.ts';
import { say } from './say.ts';
import { settle, settleFocus } from './settle.ts';

/** The page's list has the cursor; the overview remembers which of its panels had it. */
export function goToPage(state: UiState, page: Page): Outcome {
  if (state.page === page) return only(state);
  if (!isShown(state, page)) return say(state, 'info', withoutOwner(state.hello));
  const overviewFocus = state.page === 'overview' ? state.focus : state.overviewFocus;
  const focus: Panel = page === 'overview' ? overviewFocus : page;
  return only(settle(settleFocus({ ...state, page, focus, overviewFocus, detail: null })));
}

export function nextPage(state: UiState, step: number): Outcome {
  const pages = PAGES.filter((page) => isShown(state, page));
  const at = (pages.indexOf(state.page) + step + pages.length) % pages.length;
  return goToPage(state, pages[at]!);
}

export function nextPanel(state: UiState, step: number): Outcome {
  const panels = (layoutOf(state).panels ?? []).map((p) => p.panel).filter((panel) => !SHOWN_ONLY.includes(panel));
  if (!panels.length) return only(state);
  const at = (panels.indexOf(state.focus) + step + panels.length) % panels.length;
  return only({ ...state, focus: panels[at]! });
}

export function moveCursor(state: UiState, move: Move): Outcome {
  return only(settleDetail(PLACES[state.focus].move(state, move)));
}

/** Opens what is under the cursor: the group's records, or a device's pending groups. */
export function openDetail(state: UiState): Outcome {
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
  return goToPage({ ...state, filters }, 'pending');
}

export function back(state: UiState): Outcome {
  const left = toLeave(state);
  if (left === null) return only(state);
  if (left === 'marks') return only(unmarkAll(state));
  if (left !== 'detail') return only(settle({ ...state, filters: { ...state.filters, [left]: '' } }));
  const list: Panel = state.page === 'overview' ? state.overviewFocus : state.page;
  return only(settle({ ...state, detail: null, focus: state.focus === 'detail' ? list : state.focus }));
}
