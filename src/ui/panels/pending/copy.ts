import { cellsText } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { shownView, type UiState } from '../../model/state.ts';
import type { Line } from '../lines.ts';
import { pendingColumns } from './columns.ts';

/** The selected group, of `lines` that hold it. */
export function copyPending(state: UiState, lines: readonly Line[]): Copied | null {
  const row = shownView(state)?.snapshot.pending.find(({ group }) => group === state.pending.group);
  const line = lines.find(({ selected }) => selected);
  if (!row || !line) return null;
  const text = cellsText(pendingColumns(0), line.cells);
  return { what: `group ${row.group}`, text, address: row.first, json: row };
}
