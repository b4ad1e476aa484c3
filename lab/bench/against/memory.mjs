// The main thread's heap over many frames of distinct text: both programs at the same time, in simulated time, as fast as they can.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Terminal } from '../screen/terminal.mjs';

const PRELOAD = fileURLToPath(new URL('heap.mjs', import.meta.url));
const RATE = 1_000;
/** Simulated time never gets there. */
const ENDLESS = ['--virtual-time', '--pause-at', '1000000s', '--history', '20000'];
const LOOK_MS = 50;
const LIMIT_MS = 60_000;

/** @param {number} ms */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {string} file */
const numbersIn = (file) => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []);

/** Until `isSo`, which must not take longer than LIMIT_MS without an advance. @param {() => boolean} isSo @param {() => number} advance */
async function until(isSo, advance) {
  let last = { advance: advance(), at: Date.now() };
  while (!isSo()) {
    await sleep(LOOK_MS);
    if (advance() !== last.advance) last = { advance: advance(), at: Date.now() };
    if (Date.now() - last.at > LIMIT_MS)
      throw new Error(`the run for the heap does not advance beyond ${last.advance}`);
  }
}

/**
 * Bytes in use after a collection, at `from` frames and then each `step` more.
 *
 * @param {import('./programs.mjs').Program} program
 * @param {{from: number, step: number, frames: number}} form
 */
async function heapOf(program, { from, step, frames }) {
  const file = join(program.work, 'heap.txt');
  rmSync(file, { force: true });
  const node = ['--expose-gc', '--import', PRELOAD];
  const command = [process.execPath, ...node, program.flooded, '--scenario', program.devices, ...ENDLESS];
  const env = { BENCH_FLOOD: String(RATE), BENCH_HEAP: file, BENCH_REPORT: join(program.work, 'report.json') };
  const terminal = new Terminal(command, { columns: 120, rows: 40, env });
  const shown = () => terminal.frames;
  for (let next = from, samples = 1; next <= frames; next += step, samples++) {
    await until(() => terminal.over || shown() >= next, shown);
    if (terminal.over) throw new Error(`the program ended after ${shown()} of ${frames} frames`);
    process.kill(terminal.pid, 'SIGUSR2');
    await until(
      () => numbersIn(file).length >= samples,
      () => 0,
    );
  }
  await terminal.end('SIGKILL');
  return numbersIn(file);
}

/**
 * @param {Record<import('./programs.mjs').Side, import('./programs.mjs').Program>} programs
 * @param {{from: number, step: number, frames: number}} form
 */
export async function heaps(programs, form) {
  const [before, now] = await Promise.all([heapOf(programs.before, form), heapOf(programs.now, form)]);
  return { ...form, before, now };
}
