// What is copied: the row under the cursor, as text, its address, or the JSON that the NDJSON stream has of it.
import { PANEL_MODULES } from '../panels/registry.ts';
import { plural } from '../text/format.ts';
import { bare } from '../text/sanitise.ts';
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

/** Of the row under the cursor. Null: there is none. */
export function copied(state: UiState): Copied | null {
  const row = PANEL_MODULES[state.focus].copy?.(state) ?? null;
  return row && { ...row, text: bare(row.text) };
}

export function copyRow(state: UiState): Outcome {
  const row = copied(state);
  if (!row) return say(state, 'info', 'There is no row to copy here.');
  return { state, effects: [{ do: 'copy', text: row.text, what: row.what }] };
}

/** What is said once it has been handed to the terminal, or (`problem`) why it was not. `length` in characters. */
export function sayCopied(
  state: UiState,
  { what, length, problem }: { what: string; length: number; problem: string | null },
): UiState {
  if (problem !== null) return say(state, 'error', `Not copied: ${problem}.`).state;
  return say(state, 'done', `Copied ${what} (${plural(length, 'character')}); the terminal may refuse it.`).state;
}
