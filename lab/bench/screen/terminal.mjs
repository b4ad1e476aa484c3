// A program in a pseudo-terminal whose output is read as fast as it comes, or at a given rate.
import { readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { codeOf } from '../../../scripts/lib/errors.mjs';
import { checkout } from '../../paths.mjs';

const FRAME = '\x1b[?2026h';
const TAKE_EVERY_MS = 20;
const LIMIT_MS = 60_000;
/** Longer than any pattern, and enough of what came last for an error. */
const TAIL = 1_000;
/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How often `needle` is in `text`. @param {string} text @param {string} needle */
const count = (text, needle) => text.split(needle).length - 1;

/**
 * What is used of node-pty. Its own types do not know that output is bytes without an encoding, nor `fd`.
 *
 * @typedef {object} Pty
 * @property {number} pid
 * @property {number} fd
 * @property {(listener: (data: Buffer) => void) => void} onData
 * @property {(listener: () => void) => void} onExit
 * @property {() => void} pause
 * @property {() => void} resume
 * @property {(data: string) => void} write
 * @property {(signal?: string) => void} kill
 */

export class Terminal {
  bytes = 0;
  frames = 0;
  #tail = '';
  /** @type {(data: Buffer) => void} */
  #onOutput;
  /** @type {{pattern: RegExp, resolve: (at: bigint) => void, reject: (error: Error) => void} | null} */
  #waiting = null;
  #fast = false;

  /**
   * Runs `command`; `perSecond` bytes of its output are read per second (default: all at once). `onOutput` gets them too.
   *
   * @param {string[]} command
   * @param {{columns: number, rows: number, env?: Record<string, string>, perSecond?: number | null,
   *   onOutput?: (data: Buffer) => void}} options
   */
  constructor(command, { columns, rows, env = {}, perSecond = null, onOutput = () => {} }) {
    this.#onOutput = onOutput;
    const pty = createRequire(join(checkout, 'package.json'))('@homebridge/node-pty-prebuilt-multiarch');
    const [file = '', ...args] = command;
    /** @type {Pty} */
    this.pty = pty.spawn(file, args, {
      cols: columns,
      rows,
      cwd: checkout,
      encoding: null,
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', XDG_CONFIG_HOME: '/nonexistent', ...env },
    });
    this.ended = new Promise((resolve) =>
      this.pty.onExit(() => {
        this.over = true;
        this.#waiting?.reject(new Error(`it ended:\n${this.#tail}`));
        resolve(undefined);
      }),
    );
    this.over = false;
    if (perSecond === null) this.pty.onData((data) => this.#take(data));
    else this.#drain(perSecond);
  }

  get pid() {
    return this.pty.pid;
  }

  /**
   * As a slow link: what is not read stays in the terminal's buffer, and then with the program.
   *
   * @param {number} perSecond
   */
  async #drain(perSecond) {
    this.pty.pause();
    const piece = Buffer.alloc(Math.round((perSecond * TAKE_EVERY_MS) / 1_000));
    while (!this.over && !this.#fast) {
      this.#take(this.#read(piece));
      await sleep(TAKE_EVERY_MS);
    }
    this.pty.onData((data) => this.#take(data));
    this.pty.resume();
  }

  /** @param {Buffer} piece */
  #read(piece) {
    try {
      return piece.subarray(0, readSync(this.pty.fd, piece));
    } catch (error) {
      if (['EAGAIN', 'EIO'].includes(codeOf(error) ?? '')) return piece.subarray(0, 0);
      throw error;
    }
  }

  /** @param {Buffer} data */
  #take(data) {
    this.#onOutput(data);
    const text = data.toString('latin1');
    this.bytes += data.length;
    this.frames += count(text, FRAME);
    const recent = this.#tail + text;
    this.#tail = recent.slice(-TAIL);
    const waiting = this.#waiting;
    if (!waiting?.pattern.test(recent)) return;
    this.#waiting = null;
    waiting.resolve(process.hrtime.bigint());
  }

  /**
   * Resolves, with the time, when output from now on has `pattern`.
   *
   * @param {RegExp} pattern
   * @returns {Promise<bigint>}
   */
  next(pattern, limitMs = LIMIT_MS) {
    this.#tail = '';
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`no ${pattern} in ${limitMs / 1_000} s:\n${this.#tail}`)),
        limitMs,
      );
      /** @template T @param {(value: T) => void} how */
      const settle = (how) => {
        /** @param {T} value */
        return (value) => {
          clearTimeout(limit);
          how(value);
        };
      };
      this.#waiting = { pattern, resolve: settle(resolve), reject: settle(reject) };
    });
  }

  /** Milliseconds from a key to `pattern` on the terminal. @param {string} key @param {RegExp} pattern */
  async press(key, pattern) {
    const seen = this.next(pattern);
    const start = process.hrtime.bigint();
    this.pty.write(key);
    return Number((await seen) - start) / 1e6;
  }

  /** Ends the program by a signal, and reads what it still writes as fast as it comes. */
  async end(signal = 'SIGTERM') {
    this.#fast = true;
    if (!this.over) this.pty.kill(signal);
    await this.ended;
  }
}
