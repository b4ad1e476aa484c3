import { cellsText } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { inSight } from '../../model/places/journal.ts';
import { shownView, type UiState } from '../../model/state.ts';
import type { Line } from '../lines.ts';
import { journalColumns } from './rows.ts';

/** Wide enough for all columns. */
export const ALL = 1000;

/** The entry under the cursor, of `lines` that hold it; its JSON is its line in the journal's file. */
export function copyEntry(state: UiState, lines: readonly Line[], height: number): Copied | null {
  const entry = shownView(state)?.journal?.entries[inSight(state, height).cursor];
  const line = lines.find(({ selected }) => selected);
  if (!entry || !line) return null;
  const text = cellsText(journalColumns(state.time, ALL), line.cells);
  return { what: `the journal's ${entry.action}`, text, address: null, json: entry };
}
