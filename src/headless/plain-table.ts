// Plain text for people, without colours: tables and times.
import { plainDuration } from '../text/duration.ts';
import { cellsOf, padCellsEnd, padCellsStart, visible } from '../text/visible.ts';

export type Cell = string | number;

export const duration = (ns: number | null): string => (ns === null ? '-' : plainDuration(ns));

/** The title, a head and its rows, apart by two spaces; columns of numbers are right-aligned. */
export function table(title: string, head: string[], rows: Cell[][]): string {
  if (rows.length === 0) return `${title}: none\n`;
  const cells = [head, ...rows.map((row) => row.map((cell) => visible(String(cell))))];
  const widths = head.map((_, i) => cells.reduce((most, row) => Math.max(most, cellsOf(row[i]!)), 0));
  const isNumber = head.map((_, i) => rows.every((row) => typeof row[i] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (isNumber[i] ? padCellsStart(cell, widths[i]!) : padCellsEnd(cell, widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
