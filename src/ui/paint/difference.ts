// What the terminal shows, as cells, and the bytes that make it show the grid's.
import { type Cell, glyphIn, isSecondHalf, sgrOfCell, styleOf, textOfCell, UNKNOWN } from './cell.ts';
import { Grid } from './grid.ts';
import { Run } from './run.ts';

/** A run of unchanged cells shorter than this is cheaper to write again than to jump over. */
const JUMP = 6;
/** As many answers of a vet are kept; text from outside may have any character of Unicode. */
const MOST_VETTED = 10_000;

/**
 * What is sent for a character outside ASCII: the character, or something in one cell that stands for it where terminals
 * disagree about its width, or would obey it. The last check of what was forgotten to be made harmless.
 */
export type Vet = (character: string) => string;

const isAscii = (glyph: number): boolean => glyph < 0x7f;

export class Shown {
  readonly #grid: Grid;
  readonly #vet: Vet;
  /** By glyph: what is sent for it. */
  readonly #vetted = new Map<number, string>();
  #cells = new Uint32Array(0);
  /** The grid's cells that these are compared with: others when its size has changed. */
  #wanted = this.#cells;
  /** The look that the terminal writes with; plain between rows. */
  #style = 0;

  constructor(grid: Grid, vet: Vet = (character) => character) {
    this.#grid = grid;
    this.#vet = vet;
  }

  /** Everything is written again, whatever the terminal shows. */
  invalidate(): void {
    this.#cells.fill(UNKNOWN);
  }

  /** The terminal shows these lines already: text and SGR sequences. */
  adopt(lines: readonly string[]): void {
    this.#fit();
    const { columns, rows, area } = this.#grid;
    const drawn = new Grid(columns, rows);
    const run = new Run();
    const known = lines.slice(0, rows);
    for (const [row, line] of known.entries()) drawn.write(0, row, run.read(line), area);
    this.#cells.set(drawn.cells.subarray(0, known.length * columns));
  }

  /** The bytes that make the terminal show the grid; from then on it is taken to. '' when it does. */
  difference(): string {
    this.#fit();
    let out = '';
    for (let row = 0; row < this.#grid.rows; row++) out += this.#row(row);
    return out;
  }

  /** After a resize nobody knows what the terminal shows. */
  #fit(): void {
    const { cells } = this.#grid;
    if (this.#wanted === cells) return;
    this.#wanted = cells;
    this.#cells = new Uint32Array(cells.length).fill(UNKNOWN);
  }

  #row(row: number): string {
    const { columns, cells } = this.#grid;
    const from = row * columns;
    const to = from + columns;
    let out = '';
    this.#style = 0;
    for (let i = from; i < to; ) {
      if (cells[i] === this.#cells[i]) {
        i++;
        continue;
      }
      const end = endOfChange(cells, this.#cells, i + 1, to);
      out += jump(row, i - from) + this.#change(row, i, end);
      i = end;
    }
    return this.#style ? `${out}\x1b[0m` : out;
  }

  /** The cells of `row` from `from` to `to`, as the terminal has them from now on. */
  #change(row: number, from: number, to: number): string {
    const { columns, cells } = this.#grid;
    let out = '';
    for (let i = from; i < to; i++) {
      const cell = cells[i]!;
      this.#cells[i] = cell;
      if (isSecondHalf(cell)) continue;
      if (styleOf(cell) !== this.#style) {
        this.#style = styleOf(cell);
        out += this.#style ? `\x1b[0;${sgrOfCell(cell)}m` : '\x1b[0m';
      }
      const glyph = glyphIn(cell);
      if (isAscii(glyph)) {
        out += String.fromCharCode(glyph);
        continue;
      }
      const next = (i + 1) % columns > 0 && isSecondHalf(cells[i + 1]!) ? i + 2 : i + 1;
      const text = this.#sent(cell, next > i + 1);
      out += text;
      // A terminal that counts it otherwise continues where we do
      if ((next > i + 1 || text.length > 1) && next < to) out += jump(row, next % columns);
    }
    return out;
  }

  #sent(cell: Cell, wide: boolean): string {
    const glyph = glyphIn(cell);
    let text = this.#vetted.get(glyph);
    if (text === undefined) {
      const character = textOfCell(cell);
      text = this.#vet(character);
      if (wide && text !== character) text += text;
      if (this.#vetted.size > MOST_VETTED) this.#vetted.clear();
      this.#vetted.set(glyph, text);
    }
    return text;
  }
}

const jump = (row: number, column: number): string => `\x1b[${row + 1};${column + 1}H`;

/** Where a change that contains the cell before `from` ends: before unchanged cells that are worth a jump. */
function endOfChange(cells: Uint32Array, shown: Uint32Array, from: number, to: number): number {
  let end = from;
  for (let quiet = 0; end + quiet < to && quiet < JUMP; ) {
    if (cells[end + quiet] === shown[end + quiet]) quiet++;
    else {
      end += quiet + 1;
      quiet = 0;
    }
  }
  return end;
}
