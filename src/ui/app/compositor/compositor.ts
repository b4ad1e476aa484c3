// The one writer to the terminal. Two sources: the frame (Ink's output, seldom) and live rows painted over it (often).
// They are merged to cells, compared with what the terminal shows, and only the difference is written, inside a
// synchronized update. One write is in flight at a time; what changes meanwhile is one later write, of the newest state.

import type { Sink } from '../../../terminal/sink.ts';
import type { Rect } from '../../model/layout.ts';
import { blankRow, type CellRow, dropHalves, parseInto } from './cells.ts';
import { diffRow } from './diff.ts';

/** A painted piece of a row: `text` is exactly `width` cells of text and SGR sequences. */
export interface Segment {
  row: number;
  left: number;
  width: number;
  text: string;
}

const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

interface Composed {
  key: string;
  cells: CellRow;
}

export class Compositor<Tag = unknown> {
  /** Writes that were begun, and their characters. */
  writes = 0;
  written = 0;
  /** What was handed to `present` with the newest state that is wholly on the terminal. */
  shownTag: Tag | null = null;
  readonly #sink: Sink;
  readonly #onError: (error: Error) => void;
  #columns = 0;
  #rows = 0;
  #frame: string[] = [];
  #segments: Segment[] = [];
  #hole: Rect | null = null;
  #composed: (Composed | undefined)[] = [];
  #shown: (CellRow | null)[] = [];
  #inFlight = false;
  #waiting: { tag: Tag } | null = null;
  #words = '';

  constructor(sink: Sink, columns: number, rows: number, onError: (error: Error) => void = () => {}) {
    this.#sink = sink;
    this.#onError = onError;
    this.resize(columns, rows);
  }

  /** A terminal of another size shows nobody knows what. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.#composed = [];
    this.invalidate();
  }

  /** All rows are to be written again, whatever stands there; also a write that is in flight counts for nothing then. */
  invalidate(): void {
    this.#shown = new Array<CellRow | null>(this.#rows).fill(null);
  }

  /** What stands on the terminal already, drawn by somebody else. */
  adopt(lines: readonly string[]): void {
    lines.slice(0, this.#rows).forEach((line, row) => {
      const cells = blankRow(this.#columns);
      parseInto(cells, line, 0, this.#columns);
      this.#shown[row] = cells;
    });
  }

  /** Ink's output, a line a row. */
  setFrame(lines: string[]): void {
    this.#frame = lines;
  }

  /** The live rows; none of them is painted inside `hole`, where a dialog of the frame stands. */
  setRows(segments: Segment[], hole: Rect | null): void {
    this.#segments = segments;
    this.#hole = hole;
  }

  /** Tells the terminal something that is not shown (its clipboard, its modes), with what is presented next. */
  tell(sequence: string): void {
    this.#words += sequence;
  }

  /** Puts the present state on the terminal: now, or when the write in flight is done. `tag` is reported when it is there. */
  present(tag: Tag): void {
    if (this.#inFlight) {
      this.#waiting = { tag };
      return;
    }
    const difference = this.#difference();
    const data = this.#words + (difference ? BEGIN + difference + END : '');
    this.#words = '';
    if (!data) {
      this.shownTag = tag;
      return;
    }
    this.#inFlight = true;
    this.writes++;
    this.written += data.length;
    this.#sink.write(data, (error) => this.#finished(error, tag));
  }

  #finished(error: Error | null, tag: Tag): void {
    this.#inFlight = false;
    if (error) {
      this.#onError(error);
      return;
    }
    this.shownTag = tag;
    const next = this.#waiting;
    this.#waiting = null;
    if (next) this.present(next.tag);
  }

  #difference(): string {
    const byRow = new Map<number, Segment[]>();
    for (const segment of this.#segments) {
      const list = byRow.get(segment.row);
      if (list) list.push(segment);
      else byRow.set(segment.row, [segment]);
    }
    let data = '';
    for (let row = 0; row < this.#rows; row++) {
      const cells = this.#compose(row, byRow.get(row) ?? []);
      if (cells === this.#shown[row]) continue;
      data += diffRow(row, this.#shown[row] ?? null, cells);
      this.#shown[row] = cells;
    }
    return data;
  }

  /** The row's cells; the same object as before when nothing in it has changed. */
  #compose(row: number, segments: Segment[]): CellRow {
    const hole = this.#hole && row >= this.#hole.top && row < this.#hole.top + this.#hole.height ? this.#hole : null;
    const key = `${hole ? `${hole.left}+${hole.width}` : ''}\n${this.#frame[row] ?? ''}\n${segments
      .map((s) => `${s.left}+${s.width}\n${s.text}`)
      .join('\n')}`;
    const before = this.#composed[row];
    if (before?.key === key) return before.cells;
    const cells = blankRow(this.#columns);
    const line = this.#frame[row] ?? '';
    parseInto(cells, line, 0, this.#columns);
    for (const s of segments) parseInto(cells, s.text, s.left, s.width);
    if (hole) restore(cells, line, hole, this.#columns);
    dropHalves(cells);
    this.#composed[row] = { key, cells };
    return cells;
  }
}

/** Puts the frame's own cells back where the dialog stands. */
function restore(cells: CellRow, line: string, hole: Rect, columns: number): void {
  const own = blankRow(columns);
  parseInto(own, line, 0, columns);
  for (let i = hole.left; i < hole.left + hole.width; i++) {
    cells.chars[i] = own.chars[i] ?? ' ';
    cells.styles[i] = own.styles[i] ?? '';
  }
}
