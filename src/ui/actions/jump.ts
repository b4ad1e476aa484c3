// To a group by its number, wherever it is by now.
import { type Page, WITH_DETAIL } from '../model/layout.ts';
import { type Outcome, shownView, type UiState } from '../model/state.ts';
import { goTo } from './move.ts';
import { settle } from './on-view.ts';

/** Its detail, which also says when it is no longer held; in the list it is selected where the list has it. */
export function goToGroup(state: UiState, group: number): Outcome {
  const page: Page = WITH_DETAIL.includes(state.page) ? state.page : 'pending';
  const there = goTo(state, page).state;
  const listed = shownView(state)?.snapshot.pending.some((row) => row.group === group);
  const pending = listed ? { ...there.pending, group, movedFrom: null } : there.pending;
  const detail = { group, record: 0, field: 0 };
  return { state: settle({ ...there, pending, detail, focus: 'detail' }), effects: [] };
}
