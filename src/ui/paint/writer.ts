// The one writer to the terminal: what the grid has and the terminal does not show, inside a synchronized update. One write
// is in flight at a time; what changes meanwhile is one later write, of the newest cells.
import { Shown, type Vet } from './difference.ts';
import type { Grid } from './grid.ts';

/** Where frames go: writes all of it, then calls back once. Never more than one at a time. */
export interface Sink {
  write(data: string, done: (error: Error | null) => void): void;
}

export interface WriterOptions {
  /** A terminal that takes no more. The next frame is written whole. */
  onError: (error: Error) => void;
  vet?: Vet;
}

const BEGIN = '\x1b[?2026h';
const END = '\x1b[?2026l';

export class Writer<Tag = unknown> {
  /** Writes that were begun, and their characters. */
  writes = 0;
  written = 0;
  /** What was handed to `present` with the newest frame that is wholly on the terminal. */
  shownTag: Tag | null = null;
  readonly #sink: Sink;
  readonly #onError: (error: Error) => void;
  readonly #shown: Shown;
  #inFlight = false;
  #waiting: { tag: Tag } | null = null;
  #words = '';

  constructor(grid: Grid, sink: Sink, options: WriterOptions) {
    this.#sink = sink;
    this.#onError = options.onError;
    this.#shown = new Shown(grid, options.vet);
  }

  /** Tells the terminal something that is not shown (its clipboard, its modes), with what is presented next. */
  tell(sequence: string): void {
    this.#words += sequence;
  }

  /** All cells are written again, whatever the terminal shows; a write that is in flight does not count either. */
  invalidate(): void {
    this.#shown.invalidate();
  }

  /** The terminal shows these lines already: the skeleton of a first frame. */
  adopt(lines: readonly string[]): void {
    this.#shown.adopt(lines);
  }

  /** Puts the grid on the terminal: now, or when the write in flight is done. `tag` is reported when it is there. */
  present(tag: Tag): void {
    if (this.#inFlight) {
      this.#waiting = { tag };
      return;
    }
    const difference = this.#shown.difference();
    const data = this.#words + (difference ? BEGIN + difference + END : '');
    this.#words = '';
    if (!data) {
      this.shownTag = tag;
      return;
    }
    this.#inFlight = true;
    this.writes++;
    this.written += data.length;
    this.#send(data, tag);
  }

  #send(data: string, tag: Tag): void {
    let over = false;
    const finished = (error: Error | null) => {
      if (over) return;
      over = true;
      this.#finished(error, tag);
    };
    try {
      this.#sink.write(data, finished);
    } catch (error) {
      finished(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #finished(error: Error | null, tag: Tag): void {
    this.#inFlight = false;
    if (error) {
      // Nobody knows how much of it the terminal has
      this.#shown.invalidate();
      this.#onError(error);
      return;
    }
    this.shownTag = tag;
    const next = this.#waiting;
    this.#waiting = null;
    if (next) this.present(next.tag);
  }
}
