// What is copied: the row under the cursor, as text, its address, or the JSON that the NDJSON stream has of it.
import { PANEL_MODULES } from '../panels/registry.ts';
import { filteredList } from './prompt.ts';
import { say } from './say.ts';
import type { Outcome, UiState } from './state.ts';

export interface Copied {
  /** In words: "group 5". */
  what: string;
  /** The cells, with tabs between. */
  text: string;
  /** null: the row has none. */
  address: string | null;
  json: object;
}

/** Of the row under the cursor; of the detail pane: of the list that it belongs to. Null: there is no row. */
export function copied(state: UiState): Copied | null {
  const panel = state.focus === 'detail' ? filteredList(state) : state.focus;
  return (panel && PANEL_MODULES[panel].copy?.(state)) ?? null;
}

export function copyRow(state: UiState): Outcome {
  const row = copied(state);
  if (!row) return say(state, 'info', 'There is no row to copy here.');
  return { state, effects: [{ do: 'copy', text: row.text, what: row.what }] };
}
