// A part of the statistics: a line that says what it is, and under it rows of which as many are shown as there is room for.
import { type Column, cell, fitColumns, headerLine, rowLine, withNames } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';

export interface Section {
  /** What it is, the longest first: the first that fits is shown. */
  titles: readonly string[];
  /** The words for no rows. */
  empty: string;
  rows: number;
  /** `height` painted rows from `top`, each `width` cells, the first the column titles if it has any. */
  paint(width: number, top: number, height: number, theme: Theme): string[];
  /** Lines before the rows: the title, and the column titles. */
  head: number;
}

interface Table<Row> {
  readonly titles: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly cells: (row: Row) => Readonly<Record<string, string>>;
  /** Of the devices in it. */
  readonly names?: readonly string[];
}

/** A section that is a table; only of the rows in sight `cells` is asked. */
export function tableSection<Row>({ titles, columns, rows, cells, names = [] }: Table<Row>): Section {
  return {
    titles,
    empty: 'No fault yet.',
    rows: rows.length,
    head: 2,
    paint(width, top, height, theme) {
      const fitted = withNames(fitColumns(columns, width), 'device', names);
      const line = (text: string) => theme.glyphs(cell(text, width));
      const shown = rows.slice(top, top + height - 1).map((row) => line(rowLine(fitted, cells(row))));
      return [theme.paint('heading', line(headerLine(fitted))), ...shown];
    },
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** All of a section in a block: exactly `height` lines of `width` cells. */
export function paintSection(section: Section, { width, height }: Size, top: number, theme: Theme): string[] {
  const line = (text: string) => theme.glyphs(cell(text, width));
  const body = section.rows
    ? section.paint(width, lastTop(section, top, height), height - 1, theme)
    : [theme.paint('dim', line(section.empty))];
  const lines = [theme.paint('title', line(titleFor(section, width))), ...body].slice(0, height);
  return [...lines, ...Array.from({ length: height - lines.length }, () => line(''))];
}

const titleFor = ({ titles }: Section, width: number): string =>
  titles.find((title) => title.length <= width) ?? titles.at(-1) ?? '';

/** As far as the section can be scrolled. */
const lastTop = ({ rows, head }: Section, top: number, height: number): number =>
  Math.max(0, Math.min(top, rows - (height - head)));

/** Rows of a section that a block of `height` has no place for. */
export const hidden = ({ rows, head }: Section, height: number): number => Math.max(0, rows - (height - head));
