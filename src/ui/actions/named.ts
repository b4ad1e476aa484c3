// The named filters of the configuration.

import type { FilteredList } from '../../protocol/messages.ts';
import type { NamedFilter } from '../model/config.ts';
import { filteredList, LIST_NAMES } from '../model/filtered-list.ts';
import { layoutOf } from '../model/layout-of.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { goToPage } from './move.ts';
import { inForce, withFilter } from './prompt.ts';

/** The filters, each with the list that it would apply to: its own, or the one with the cursor. */
export function namedFilters(state: UiState): { filter: NamedFilter; list: FilteredList }[] {
  const here = filteredList(state) === 'stream' ? 'stream' : 'pending';
  return state.config.filters.map((filter) => ({ filter, list: filter.list ?? here }));
}

/** Applies it to its list, which is then shown. */
export function applyNamed(state: UiState, { name, when }: NamedFilter, list: FilteredList): Outcome {
  const inSight = layoutOf(state).panels?.some(({ panel }) => panel === list);
  const there = inSight ? { ...state, focus: list } : goToPage(state, list).state;
  return inForce(withFilter(there, list, when), list, `Filter ${name} on ${LIST_NAMES[list]}.`);
}
