// Making columns. `Widths`: at least and at most, in cells; the lower the priority number, the longer a column stays.

import { bare, sanitise } from '../text/sanitise.ts';
import type { Column } from '../text/table.ts';
import type { UiState } from './state.ts';
import { shownView } from './state.ts';

/** At least, and at most. */
type Widths = readonly [number, number];

export const left = (id: string, title: string, [min, max]: Widths, priority: number): Column => ({
  id,
  title,
  align: 'left',
  min,
  max,
  priority,
});

export const right = (id: string, title: string, [min, max]: Widths, priority: number): Column => ({
  ...left(id, title, [min, max], priority),
  align: 'right',
});

const MIN_NAME = 6;
export const MAX_NAME = 24;

/** Cells for a device's name, so that all tables agree: the longest of those there are. */
export function nameWidth(state: UiState): number {
  return Math.min(MAX_NAME, Math.max(MIN_NAME, ...deviceNames(state).map((name) => name.length)));
}

/** As they are shown where there is room. */
export const deviceNames = (state: UiState): string[] =>
  (shownView(state)?.snapshot.devices ?? []).map(({ name }) => sanitise(name));

/** A PCI address is whole: cut short, all of one bus look the same. */
export const leastName = (nameWidth: number): number => Math.min('0000:17:00.0'.length, nameWidth);

/** The cells of a row in the order of its columns, with tabs between: for the clipboard. */
export function cellsText(columns: readonly Column[], cells: Readonly<Record<string, string>>): string {
  return bare(columns.map(({ id }) => (cells[id] ?? '').trim()).join('\t'));
}

/** A column of numbers that go up to `newest`: never narrower than that. */
export const numbered = (id: string, title: string, [min, newest]: Widths, priority: number): Column => {
  const digits = String(newest).length;
  return right(id, title, [Math.max(min, digits), Math.max(9, digits)], priority);
};
