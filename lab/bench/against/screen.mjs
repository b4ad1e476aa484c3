// A program in a pseudo-terminal, and what its screen shows: cells, so that nothing depends on the bytes that put them there.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkout } from '../../paths.mjs';
import { Terminal } from '../screen/terminal.mjs';

/** @type {typeof import('@xterm/headless')} */
const xterm = createRequire(join(checkout, 'package.json'))('@xterm/headless');
const LIMIT_MS = 60_000;

/** @typedef {[columns: number, rows: number]} Size */
/** @typedef {{isShown: (at: bigint) => boolean, resolve: (at: bigint) => void, reject: (why: string) => void}} Waiting */

export class Screen {
  /** @type {Waiting | null} */
  #waiting = null;
  #xterm;

  /** @param {string[]} command @param {Size} size @param {Record<string, string>} [env] */
  constructor(command, size, env = {}) {
    const [columns, rows] = size;
    this.size = size;
    this.#xterm = new xterm.Terminal({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
    this.started = process.hrtime.bigint();
    this.terminal = new Terminal(command, { columns, rows, env, onOutput: (data) => this.#take(data) });
    this.terminal.ended.then(() => this.#rejectEnded());
  }

  /** Once what it last wrote is on the screen, too. */
  #rejectEnded() {
    this.#xterm.write('', () => this.#waiting?.reject('the program ended'));
  }

  get pid() {
    return this.terminal.pid;
  }

  /** The time is when the bytes arrived: what the emulator takes for them is not the program's. @param {Buffer} data */
  #take(data) {
    const at = process.hrtime.bigint();
    this.#xterm.write(data, () => {
      if (this.#waiting?.isShown(at)) this.#waiting.resolve(at);
    });
  }

  /** The characters of the cell, and whether it is inverse. @param {number} index row by row */
  cell(index) {
    const [columns] = this.size;
    const cell = this.#xterm.buffer.active.getLine(Math.floor(index / columns))?.getCell(index % columns);
    return `${cell?.getChars() || ' '}${cell?.isInverse() ? '!' : ''}`;
  }

  cells() {
    return Array.from({ length: this.size[0] * this.size[1] }, (_, index) => this.cell(index));
  }

  /** The text of each row. */
  rows() {
    const buffer = this.#xterm.buffer.active;
    return Array.from({ length: this.size[1] }, (_, row) => buffer.getLine(row)?.translateToString(true) ?? '');
  }

  /**
   * Resolves when `isShown`, which is asked after each piece of output, with the time when that piece arrived.
   *
   * @param {string} what for the error @param {(at: bigint) => boolean} isShown gets that time too
   * @returns {Promise<bigint>}
   */
  until(what, isShown) {
    return new Promise((resolve, reject) => {
      /** @param {string} why */
      const failed = (why) => {
        done();
        reject(new Error(`${why}, and its screen has not shown ${what}:\n${this.rows().join('\n')}`));
      };
      const limit = setTimeout(failed, LIMIT_MS, `${LIMIT_MS / 1_000} s are over`);
      const done = () => {
        clearTimeout(limit);
        this.#waiting = null;
      };
      this.#waiting = {
        isShown,
        resolve: (at) => {
          done();
          resolve(at);
        },
        reject: failed,
      };
      if (this.terminal.over) this.#rejectEnded();
    });
  }

  /**
   * Milliseconds from `key` to when `isShown`.
   *
   * @param {string} key @param {string} what @param {() => boolean} isShown
   */
  async press(key, what, isShown) {
    const shown = this.until(what, isShown);
    const start = process.hrtime.bigint();
    this.terminal.pty.write(key);
    return Number((await shown) - start) / 1e6;
  }

  /** @param {string} key */
  type(key) {
    this.terminal.pty.write(key);
  }

  /** @param {string} [signal] */
  end(signal) {
    return this.terminal.end(signal);
  }
}
