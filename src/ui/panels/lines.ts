// Tables as text: what most panels show.

import type { Rect } from '../model/layout.ts';
import type { UiState } from '../model/state.ts';
import type { Style } from '../text/style.ts';
import { cell, type Fitted, headerLine, rowLine } from '../text/table.ts';
import type { Theme } from '../text/theme.ts';
import { wrap } from '../text/wrap.ts';

export type Cells = Record<string, string>;

export interface Line {
  cells: Cells;
  /** RowLooks of some of the cells. */
  styles: Partial<Record<string, Style>>;
  selected: boolean;
  /** Marked for an action on several. */
  marked?: boolean;
}

/** Room for the cursor and the mark at the left of each row. */
const GUTTER = 2;
/** Cells that a table has in a body of `width`. */
export const tableRoom = (width: number): number => width - GUTTER - 1;

/** `focused`: the cursor of this panel is the one that keys go to. */
interface RowLook {
  readonly focused: boolean;
  readonly theme: Theme;
}

/** What a table is made of. `words`: what it says instead where it has no rows. */
export interface TableOf {
  readonly fitted: (state: UiState, width: number) => Fitted;
  readonly lines: (state: UiState, body: Rect) => Line[];
  readonly words: (state: UiState) => readonly string[];
}

/** The column titles, and at most `body.height` rows: each of `body.width` cells. */
export function paintTable({ fitted, lines, words }: TableOf, state: UiState, body: Rect, look: RowLook): string[] {
  const { theme } = look;
  const table = fitted(state, body.width);
  const titles = (' '.repeat(GUTTER) + headerLine(table)).slice(0, body.width);
  const painted = [theme.paint('heading', theme.glyphs(titles))];
  const empty = words(state);
  if (empty.length) return [...painted, ...paintWords(empty, body, theme)];
  for (const line of lines(state, body).slice(0, body.height)) painted.push(paintLine(line, table, body.width, look));
  return painted;
}

function paintLine(line: Line, fitted: Fitted, width: number, { focused, theme }: RowLook): string {
  const mark = line.selected ? (focused ? '▶' : '·') : ' ';
  const gutter = mark + (line.marked ? '*' : ' ');
  if (line.selected && focused) {
    return theme.paint('cursor', theme.glyphs(cell(gutter + rowLine(fitted, line.cells), width)));
  }
  const style = (id: string, text: string) => theme.paint(line.styles[id] ?? 'plain', text);
  const head = line.marked ? theme.paint('accent', gutter) : gutter;
  return theme.glyphs(head + rowLine(fitted, line.cells, style));
}

/** What a panel without rows says instead: why it is empty, and what to press. */
export function paintWords(words: readonly string[], body: Rect, theme: Theme): string[] {
  const lines = words.flatMap((text) => wrap(text, body.width - GUTTER - 1));
  return lines.slice(0, body.height).map((text) => theme.paint('dim', theme.glyphs(cell(`  ${text}`, body.width))));
}
