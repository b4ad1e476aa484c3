// Straight to a group by its number, or to the groups that an alarm is about.

import type { Alarm } from '../../protocol/messages.ts';
import { type Page, WITH_DETAIL } from '../model/layout.ts';
import { filterFor } from '../model/pages.ts';
import { type Outcome, shownView, type UiState } from '../model/state.ts';
import { goToPage } from './move.ts';
import { say } from './say.ts';
import { settle } from './settle.ts';

/** Its detail, which also says when it is no longer held; in the list it is selected where the list has it. */
export function jumpToGroup(state: UiState, group: number): Outcome {
  const page: Page = WITH_DETAIL.includes(state.page) ? state.page : 'pending';
  const there = goToPage(state, page).state;
  const listed = shownView(state)?.snapshot.pending.some((row) => row.group === group);
  const pending = listed ? { ...there.pending, group, movedFrom: null } : there.pending;
  const detail = { group, record: 0, field: 0 };
  return { state: settle({ ...there, pending, detail, focus: 'detail' }), effects: [] };
}

const filterOf = ({ devId, pasid }: Alarm): string => (devId === null ? '' : filterFor(devId, pasid));

/** The pending groups of the worst alarm's device; where they are shown already, those of the next one. */
export function jumpToAlarm(state: UiState): Outcome {
  const alarms = state.view?.snapshot.alarms ?? [];
  if (!alarms.length) return say(state, 'info', 'No alarm is active.');
  const shown = state.page === 'pending' ? (state.filters.pending ?? '') : null;
  const at = alarms.findIndex((alarm) => filterOf(alarm) === shown);
  const alarm = alarms[(at + 1) % alarms.length]!;
  const filters = { ...state.filters, pending: filterOf(alarm) };
  return goToPage({ ...state, filters }, 'pending');
}
