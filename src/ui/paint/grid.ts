// The screen as cells, painted again for each frame; difference.ts has what the terminal shows.
import { BLANK, type Cell, emptied, isSecondHalf, sgrOfCell, styleOf, textOfCell } from './cell.ts';
import type { Run } from './run.ts';

/** A half-open rectangle of cells. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export class Grid {
  columns = 0;
  rows = 0;
  cells = new Uint32Array(0);

  constructor(columns: number, rows: number) {
    this.resize(columns, rows);
  }

  /** Another size; blank. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.cells = new Uint32Array(columns * rows).fill(BLANK);
  }

  get area(): Area {
    return { left: 0, top: 0, right: this.columns, bottom: this.rows };
  }

  clear(): void {
    this.cells.fill(BLANK);
  }

  /** A run of text from (x, y) on, as much of it as is inside `clip`. */
  write(x: number, y: number, run: Run, clip: Area): void {
    const from = Math.max(x, clip.left);
    const to = Math.min(x + run.width, clip.right);
    if (y < clip.top || y >= clip.bottom || from >= to) return;
    const at = y * this.columns;
    this.#cut(at, from, to);
    this.cells.set(run.cells.subarray(from - x, to - x), at + from);
    // Wide characters that the clip has cut in two
    if (from > x && isSecondHalf(run.cells[from - x]!)) this.#empty(at + from);
    if (to < x + run.width && isSecondHalf(run.cells[to - x]!)) this.#empty(at + to - 1);
  }

  fill(area: Area, cell: Cell, clip: Area): void {
    const from = Math.max(area.left, clip.left);
    const to = Math.min(area.right, clip.right);
    if (from >= to) return;
    const bottom = Math.min(area.bottom, clip.bottom);
    for (let y = Math.max(area.top, clip.top); y < bottom; y++) {
      const at = y * this.columns;
      this.#cut(at, from, to);
      if (to - from === 1) this.cells[at + from] = cell;
      else this.cells.fill(cell, at + from, at + to);
    }
  }

  /** Cells from `from` to `to` of a row are about to be overwritten: half of a wide character cannot be shown. */
  #cut(at: number, from: number, to: number): void {
    const { cells } = this;
    if (from > 0 && isSecondHalf(cells[at + from]!)) this.#empty(at + from - 1);
    if (to < this.columns && isSecondHalf(cells[at + to]!)) this.#empty(at + to);
  }

  #empty(at: number): void {
    this.cells[at] = emptied(this.cells[at]!);
  }

  /** A row as text, with SGR sequences or without: for tests. */
  line(row: number, painted = false): string {
    let text = '';
    let style = 0;
    for (const cell of this.cells.subarray(row * this.columns, (row + 1) * this.columns)) {
      if (isSecondHalf(cell)) continue;
      if (painted && styleOf(cell) !== style) {
        style = styleOf(cell);
        text += style ? `\x1b[0;${sgrOfCell(cell)}m` : '\x1b[0m';
      }
      text += textOfCell(cell);
    }
    return style ? `${text}\x1b[0m` : text;
  }
}
