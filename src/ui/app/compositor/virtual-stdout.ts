// What Ink takes for the terminal: it keeps the newest frame and writes nothing.
import { EventEmitter } from 'node:events';

export class VirtualStdout extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  frame: string[] = [];

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** With `debug: true` every write of Ink's is one whole frame. An empty one is its barrier at unmount. */
  write(text: string, callback?: () => void): boolean {
    if (text) this.frame = text.split('\n');
    if (typeof callback === 'function') callback();
    return true;
  }
}
