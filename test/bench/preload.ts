// Loaded before the program (node --import), in its main thread: what cannot be seen from outside.
// BENCH_LOOP: a file for how long the main loop was blocked by the program's own work at the longest, in milliseconds.
// With --expose-gc memory is collected once a second, so that what is resident is what is in use.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 5;
const COLLECT_MS = 1_000;
/** Loading the program is one long block, and none that the terminal has to do with. */
const STARTED_MS = 2_000;

/** Nanoseconds that the main thread could have run and had no CPU, since others had it. */
const waited = (): number => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]);

/** Blocks in milliseconds, the longest first. */
function watchLoop(): { longest: number[] } {
  const seen: { longest: number[] } = { longest: [] };
  let last = { at: performance.now(), waited: waited() };
  setInterval(() => {
    const now = { at: performance.now(), waited: waited() };
    const block = now.at - last.at - EVERY_MS - (now.waited - last.waited) / 1e6;
    last = now;
    seen.longest = [...seen.longest, block].sort((a, b) => b - a).slice(0, 10);
  }, EVERY_MS).unref();
  return seen;
}

const file = process.env.BENCH_LOOP;
if (isMainThread && file) {
  setTimeout(() => {
    const seen = watchLoop();
    process.on('exit', () => writeFileSync(file, JSON.stringify(seen)));
  }, STARTED_MS).unref();
}
const { gc } = globalThis as { gc?: () => void };
if (isMainThread && gc) setInterval(gc, COLLECT_MS).unref();
