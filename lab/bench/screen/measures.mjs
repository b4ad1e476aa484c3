// The benchmarks of the screen, outside the lab: each is one run of the program in a pseudo-terminal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasTool } from '../../build/run.mjs';
import { checkout } from '../../paths.mjs';
import { shares } from './processes.mjs';
import { Terminal } from './terminal.mjs';

const FLOOD = 100_000;
const LINK = 20_000;
const MEMORY_RATE = 1_000;
const DEVICES = join(checkout, 'test/bench/devices.toml');
/**
 * Two views: the key, and the tab's name as only the view that is shown has it. A name alone would also be found in a
 * frame from before the key, and the next key would come too soon for the first to be seen.
 */
/** @typedef {[key: string, shows: RegExp]} View */
/** @type {View} */
const STATISTICS = ['5', /7m5 Statistics/];
/** @type {View} */
const STREAM = ['4', /7m4 Stream/];
const VIEWS = [STATISTICS, STREAM];
const SETTLE_MS = 2_000;
const WARM_MS = 12_000;
const HISTORY = 20_000;
const BEFORE_S = 360;
const STEP_S = 72;

/** @typedef {[columns: number, rows: number]} Size */
/**
 * @typedef {object} Options
 * @property {Record<string, string>} [env]
 * @property {string[]} [node] options of Node
 * @property {number | null} [perSecond] bytes of output that are taken; null: all
 */
/** @typedef {import('../../../test/bench/screen-worker.ts').ScreenReport} ScreenReport */

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** @param {string} file */
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

export class ScreenBench {
  /** @param {{main: string, preload: string}} program @param {string} work a directory to write to */
  constructor({ main, preload }, work) {
    this.main = main;
    this.preload = preload;
    this.report = join(work, 'report.json');
    this.loop = join(work, 'loop.json');
  }

  /** @param {string[]} args @param {Size} size @param {Options} [options] */
  #start(args, size, { env = {}, node = [], perSecond = null } = {}) {
    const command = [process.execPath, ...node, this.main, ...args];
    const [columns, rows] = size;
    return new Terminal(command, { columns, rows, perSecond, env: { BENCH_REPORT: this.report, ...env } });
  }

  /** @param {Size} size @param {Options} [options] */
  #flooded(size, options = {}) {
    const env = { BENCH_FLOOD: String(FLOOD), ...options.env };
    return this.#start(['--scenario', DEVICES], size, { ...options, env });
  }

  /** @param {Terminal} terminal */
  async #toStream(terminal) {
    for (const view of VIEWS) await terminal.press(...view);
  }

  /**
   * A flood: the main thread's share of a core on the overview and on the stream, and the time from a key to the screen.
   *
   * @param {Size} size @param {number} ms @param {number} keys
   */
  async flood(size, ms, keys) {
    const terminal = this.#flooded(size);
    await terminal.next(/Pending/);
    await sleep(SETTLE_MS);
    const overview = await shares(terminal.pid, ms);
    await this.#toStream(terminal);
    const from = { bytes: terminal.bytes, frames: terminal.frames, at: Date.now() };
    const stream = await shares(terminal.pid, ms);
    const seconds = (Date.now() - from.at) / 1_000;
    const frames = (terminal.frames - from.frames) / seconds;
    const perFrame = (terminal.bytes - from.bytes) / (terminal.frames - from.frames);
    const latency = [];
    for (let i = 0; i < keys; i++) {
      // At another point of the frame interval each time.
      await sleep(40 + ((i * 37) % 100));
      latency.push(await terminal.press(...(i % 2 ? STREAM : STATISTICS)));
    }
    await terminal.end();
    return {
      size,
      overview,
      stream,
      frames,
      perFrame,
      latency,
      report: /** @type {ScreenReport} */ (json(this.report)),
    };
  }

  /** Some groups are pending, and only their ages change. @param {Size} size @param {number} ms */
  async quiet(size, ms) {
    const terminal = this.#start(['--scenario', 'stuck'], size);
    await terminal.next(/HUNG|hung|stuck/);
    const from = { bytes: terminal.bytes, frames: terminal.frames };
    await sleep(ms);
    const perFrame = (terminal.bytes - from.bytes) / (terminal.frames - from.frames);
    await terminal.end();
    return { perFrame, frames: terminal.frames - from.frames };
  }

  /**
   * No faults, next to htop with the same refresh interval.
   *
   * @param {Size} size @param {number} ms
   */
  async idle(size, ms) {
    const terminal = this.#start(['--scenario', DEVICES], size);
    await terminal.next(/Pending/);
    const htop = hasTool('htop') ? new Terminal(['htop', '-d', '10'], { columns: size[0], rows: size[1] }) : null;
    // Until the compiler and the garbage collector are done.
    await sleep(WARM_MS);
    const [ours, theirs] = await Promise.all([shares(terminal.pid, ms), htop ? shares(htop.pid, ms) : null]);
    await Promise.all([terminal.end(), htop?.end('SIGKILL')]);
    return { share: ours.all, htop: theirs?.all ?? null };
  }

  /** A link so slow that frames are dropped. @param {Size} size @param {number} ms */
  async link(size, ms) {
    const node = ['--import', this.preload];
    const terminal = this.#flooded(size, { node, perSecond: LINK, env: { BENCH_LOOP: this.loop } });
    await terminal.next(/Pending/);
    await sleep(SETTLE_MS);
    process.kill(terminal.pid, 'SIGUSR2');
    await this.#toStream(terminal);
    const from = { bytes: terminal.bytes, frames: terminal.frames, at: Date.now() };
    await sleep(ms);
    const seconds = (Date.now() - from.at) / 1_000;
    const taken = { bytes: terminal.bytes - from.bytes, frames: terminal.frames - from.frames };
    // The terminal's buffer comes first, then the frame that is being written, then the newest.
    const key = await terminal.press(...STATISTICS);
    await terminal.end();
    return {
      rate: taken.bytes / seconds,
      frames: taken.frames / seconds,
      key,
      block: /** @type {{longest: number[]}} */ (json(this.loop)),
    };
  }

  /**
   * `seconds` of simulated time at 1,000 faults per second, as fast as the screen takes the views: memory after a tenth of
   * an hour (the history is full, and the heap has reached its size), and at the end.
   *
   * @param {Size} size @param {number} seconds
   */
  async memory(size, seconds) {
    const time = ['--virtual-time', '--pause-at', `${seconds}s`, '--history', String(HISTORY)];
    const env = { BENCH_FLOOD: String(MEMORY_RATE), BENCH_STEP: String(STEP_S) };
    const terminal = this.#start(['--scenario', DEVICES, ...time], size, {
      env,
      node: ['--expose-gc', '--import', this.preload],
    });
    const start = Date.now();
    await terminal.next(/Simulated time/, 600_000);
    const took = (Date.now() - start) / 1_000;
    await terminal.end();
    /** @type {ScreenReport} */
    const report = json(this.report);
    const { [BEFORE_S / STEP_S]: before = Number.NaN, [seconds / STEP_S - 1]: after = Number.NaN } = report.rss;
    return { took, before, after, ...report };
  }
}
