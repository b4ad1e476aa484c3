// Which columns fit a width, and how wide each is. Pure: the same columns and width always give the same layout, so
// that the column titles and the rows below them agree.
import { distinctCuts } from './distinct.ts';
import { cutCells } from './sanitise.ts';

export interface Column {
  id: string;
  title: string;
  align: 'left' | 'right';
  /** Below this the column is left out; above `max` it gets nothing more. */
  min: number;
  max: number;
  /** Columns with the highest number go first when the width is short. 0 always stays. */
  priority: number;
  /** Columns with the lowest number are widened first; the priority where it is not given. */
  growth?: number;
}

export interface Placed {
  column: Column;
  width: number;
}

const GAP = 2;
const NARROW_GAP = 1;
/** Columns of this priority and above go rather than that the gap becomes narrow. */
const DISPENSABLE = 6;

export interface Fitted {
  gap: number;
  columns: Placed[];
  /** The column of names, and what those become that are too long for it. */
  names?: { id: string; cuts: ReadonlyMap<string, string> };
}

/** With names in column `id` that stay told apart where they are cut; `all` that may stand there. */
export function withNames(fitted: Fitted, id: string, all: readonly string[]): Fitted {
  const width = fitted.columns.find(({ column }) => column.id === id)?.width;
  return width === undefined ? fitted : { ...fitted, names: { id, cuts: distinctCuts(all, width) } };
}

/** Lays `columns` out in `width` cells: first which, then at least `min`, then up to `max` in order of priority. */
export function fitColumns(columns: readonly Column[], width: number): Fitted {
  const { gap, kept } = whichFit(columns, width);
  let spare = Math.max(0, width - total(kept, gap));
  const widths = new Map(kept.map((c) => [c, Math.min(c.min, width)]));
  for (const column of [...kept].sort((a, b) => (a.growth ?? a.priority) - (b.growth ?? b.priority))) {
    const more = Math.min(spare, column.max - column.min);
    widths.set(column, (widths.get(column) ?? 0) + more);
    spare -= more;
  }
  return { gap, columns: kept.map((column) => ({ column, width: widths.get(column) ?? 0 })) };
}

const total = (columns: readonly Column[], gap: number) =>
  columns.reduce((sum, c) => sum + c.min, 0) + gap * Math.max(0, columns.length - 1);

/** Air between the columns is worth the dispensable ones: a number that ends where a word begins reads as one with it. */
function whichFit(columns: readonly Column[], width: number): { gap: number; kept: Column[] } {
  const airy = [...columns];
  while (total(airy, GAP) > width && leastWanted(airy).priority >= DISPENSABLE)
    airy.splice(airy.indexOf(leastWanted(airy)), 1);
  if (total(airy, GAP) <= width) return { gap: GAP, kept: airy };
  const kept = [...columns];
  while (kept.length > 1 && total(kept, NARROW_GAP) > width) kept.splice(kept.indexOf(leastWanted(kept)), 1);
  return { gap: NARROW_GAP, kept };
}

function leastWanted(columns: readonly Column[]): Column {
  return columns.reduce((worst, c) => (c.priority >= worst.priority ? c : worst));
}

/** Exactly `width` cells; what is cut ends in '…'. The text must be one unit a cell (see sanitise). */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  if (width <= 0) return '';
  if (text.length > width)
    return width === 1 ? cutCells(text, 1).padEnd(1) : `${cutCells(text, width - 1)}…`.padEnd(width);
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}

/** The titles over the columns. */
export function headerLine(fitted: Fitted): string {
  const gap = ' '.repeat(fitted.gap);
  return fitted.columns.map(({ column, width }) => cell(column.title, width, column.align)).join(gap);
}

/** One row; `style` may wrap a cell's text, already cut and padded, in its colours. */
export function rowLine(
  fitted: Fitted,
  cells: Readonly<Record<string, string>>,
  style: (id: string, text: string) => string = (_, text) => text,
): string {
  const gap = ' '.repeat(fitted.gap);
  return fitted.columns
    .map(({ column: { id, align }, width }) => {
      const text = cells[id] ?? '';
      const name = fitted.names?.id === id ? fitted.names.cuts.get(text) : undefined;
      return style(id, cell(name ?? text, width, align));
    })
    .join(gap);
}
