// Loaded before the program (node --import), in its main thread: measures what cannot be seen from outside.
// BENCH_LOOP names a file for the longest turns of the event loop since SIGUSR2.
// With --expose-gc garbage is collected once per second, so that resident memory is memory in use.
import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const EVERY_MS = 5;
const COLLECT_MS = 1_000;

/** Milliseconds that the main thread was on a CPU so far: other processes' load does not count. */
const worked = (): number =>
  Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;

/** The longest turns of the loop in milliseconds of CPU time (a turn, and what came within EVERY_MS of it). */
function watchLoop(): { longest: number[] } {
  const seen: { longest: number[] } = { longest: [] };
  let last = worked();
  setInterval(() => {
    const now = worked();
    seen.longest = [...seen.longest, now - last].sort((a, b) => b - a).slice(0, 10);
    last = now;
  }, EVERY_MS).unref();
  return seen;
}

const file = process.env.BENCH_LOOP;
if (isMainThread && file) {
  let seen: ReturnType<typeof watchLoop> | null = null;
  // Not once(): signal-exit, which Ink has, ends a process on a signal that nobody else listens to any more
  process.on('SIGUSR2', () => {
    if (seen) return;
    seen = watchLoop();
    process.on('exit', () => writeFileSync(file, JSON.stringify(seen)));
  });
}
const { gc } = globalThis as { gc?: () => void };
if (isMainThread && gc) setInterval(gc, COLLECT_MS).unref();
