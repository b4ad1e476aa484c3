// What is copied: the row under the cursor, as text, its address, or the JSON that the NDJSON stream has of it.
import type { Outcome, UiState } from '../model/state.ts';
import { plural } from '../text/format.ts';
import type { OnScreen } from './on-screen.ts';
import { say } from './say.ts';

export const NO_ROW = 'There is no row to copy here.';

export function copyRow(state: UiState, { copied }: OnScreen): Outcome {
  const row = copied(state);
  if (!row) return say(state, 'info', NO_ROW);
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
