// Which list a filter is for, and what it is called.
import { FILTERED_LISTS, type FilteredList } from '../../protocol/messages.ts';
import type { UiState } from './state.ts';

export const LIST_NAMES: Record<FilteredList, string> = {
  devices: 'devices',
  pending: 'pending groups',
  stream: 'the fault stream',
  journal: 'the journal',
};

/** The list that a filter would be for: the one with the cursor, also if its detail has it. */
export function filteredList(state: UiState): FilteredList | null {
  const beside = state.page === 'overview' ? state.overviewFocus : state.page;
  const panel = state.focus === 'detail' ? beside : state.focus;
  return FILTERED_LISTS.find((list) => list === panel) ?? null;
}
