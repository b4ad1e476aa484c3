// Figures of a run: what was tried, how much of it, what came of it. Printed, and kept where `npm run trust` collects them
// for docs/trust.md.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of the table in docs/trust.md. */
export interface Figure {
  /** The table's heading that it stands under: what was tried. */
  readonly topic: string;
  readonly what: string;
  readonly value: string;
  /** The command that repeats it, with its seed where there is one. */
  readonly repeat?: string;
}

/** Tells a figure, and writes it down where IOPFTOP_FIGURES names a directory. */
export function tellFigure(figure: Figure): void {
  const { topic, what, value } = figure;
  process.stdout.write(`${topic}: ${what}: ${value}\n`);
  const directory = process.env.IOPFTOP_FIGURES;
  // Whole lines of less than a page: files of tests run side by side.
  if (directory) appendFileSync(join(directory, 'figures.ndjson'), `${JSON.stringify(figure)}\n`);
}

/** 1234567 → "1,234,567". */
export const thousands = (count: number): string => count.toLocaleString('en-US');
