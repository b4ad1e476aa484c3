// A line of painted text (characters and SGR sequences) as cells, before it has a place.
import { BLANK, type Cell, cellOf, emptied, isSecondHalf, styleOf } from './cell.ts';
import { graphemeAt, isNoncharacter, mayJoin, unitWidth } from './glyph.ts';
import { applySgrAt, type StyleId } from './style.ts';

const ESC = 0x1b;
const SPACE = 0x20;
const TAB = 9;
const TAB_STOP = 8;
const ELLIPSIS = 0x2026;

export class Run {
  /** The line that was read; null: none, or it has been cut since. */
  text: string | null = null;
  width = 0;
  cells = new Uint32Array(16);

  /** Reads a line. The line that was read last is not read again. */
  read(line: string): this {
    if (line === this.text) return this;
    this.text = line;
    this.width = 0;
    let style: StyleId = 0;
    for (let i = 0; i < line.length; ) {
      const unit = line.charCodeAt(i);
      if (unit === ESC) {
        const end = sgrEnd(line, i);
        if (end > 0) style = applySgrAt(style, line, i + 2, end);
        i = end > 0 ? end + 1 : otherEnd(line, i);
      } else i += this.#character(line, i, unit, style);
    }
    return this;
  }

  /** Reads the character at `at`; returns its length. */
  #character(line: string, at: number, unit: number, style: StyleId): number {
    const width = isNoncharacter(unit) ? 0 : unitWidth(unit);
    if (width > 0 && !mayJoin(line.charCodeAt(at + 1))) {
      this.#add(cellOf(unit, style));
      if (width > 1) this.#add(cellOf(0, style));
      return 1;
    }
    if (unit === TAB) {
      do this.#add(cellOf(SPACE, style));
      while (this.width % TAB_STOP !== 0);
      return 1;
    }
    if (isNoncharacter(unit)) return 1;
    const grapheme = graphemeAt(line, at);
    if (grapheme.width > 0) this.#add(cellOf(grapheme.glyph, style));
    if (grapheme.width > 1) this.#add(cellOf(0, style));
    return grapheme.length;
  }

  #add(cell: Cell): void {
    if (this.width === this.cells.length) {
      const old = this.cells;
      this.cells = new Uint32Array(Math.max(64, old.length * 2));
      this.cells.set(old);
    }
    this.cells[this.width++] = cell;
  }

  /** Cuts it to `most` cells; an ellipsis stands for the rest. */
  truncate(most: number, where: 'start' | 'middle' | 'end'): this {
    if (this.width <= most) return this;
    this.text = null;
    const { cells } = this;
    const before = where === 'start' ? 0 : where === 'end' ? most - 1 : Math.floor(most / 2);
    const behind = most - 1 - before;
    const tail = this.width - behind;
    if (most > 0) {
      const look = cells[where === 'start' ? Math.min(tail, this.width - 1) : Math.max(0, before - 1)] ?? BLANK;
      if (before > 0 && isSecondHalf(cells[before]!)) cells[before - 1] = emptied(cells[before - 1]!);
      if (behind > 0 && isSecondHalf(cells[tail]!)) cells[tail] = emptied(cells[tail]!);
      cells[before] = cellOf(ELLIPSIS, styleOf(look));
      cells.copyWithin(before + 1, tail, this.width);
    }
    this.width = Math.max(0, most);
    return this;
  }
}

/** Where the `m` of the SGR sequence at `at` is; 0: there is no such sequence. */
function sgrEnd(text: string, at: number): number {
  if (text.charCodeAt(at + 1) !== 0x5b) return 0;
  let i = at + 2;
  for (let unit = text.charCodeAt(i); (unit >= 0x30 && unit <= 0x39) || unit === 0x3b; unit = text.charCodeAt(i)) i++;
  return text.charCodeAt(i) === 0x6d ? i : 0;
}

/** Sequences that are not looks, and do not reach the terminal: other CSI, strings (links, titles), charsets, a part of one. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin and end with control characters
const OTHER = /\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|.)?/y;

function otherEnd(text: string, at: number): number {
  OTHER.lastIndex = at;
  OTHER.exec(text);
  return OTHER.lastIndex;
}
