// A list that its filter leaves nothing of.
import type { UiState } from '../state/state.ts';
import { count } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';
import { keyFor } from './key-words.ts';

/** `row`: what one is called; `of`: how many there are without the filter. */
export function unfitWords(state: UiState, row: string, of: number, filter: string): string[] {
  return [
    `No ${row} of ${count(of)} fits the filter ${sanitise(filter)}`,
    `Press ${keyFor(state, 'filter')} to change it.`,
  ];
}
