// A list of which no row matches its filter.
import type { FilteredList } from '../../protocol/messages.ts';
import { keyFor } from '../model/key-words.ts';
import type { UiState } from '../model/state.ts';
import { count } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

/** What one row of it is called, and several. */
const ROWS: Record<FilteredList, [string, string]> = {
  devices: ['device', 'devices'],
  pending: ['pending group', 'groups'],
  stream: ['fault', 'faults'],
  journal: ['entry', 'entries'],
};

/** `of`: how many there are without the filter. */
export function unfitWords(state: UiState, list: FilteredList, of: number, filter: string): string[] {
  const [one, all] = ROWS[list];
  // Esc leaves the detail and the marks first
  const leaves = state.focus === list && !state.detail && !state.marks.size;
  const back = leaves ? ` ${keyFor(state, 'back')}: back to all ${all}.` : '';
  return [
    `No ${one} of ${count(of)} matches the filter ${sanitise(filter)}`,
    `Press ${keyFor(state, 'filter')} to change it.${back}`,
  ];
}
