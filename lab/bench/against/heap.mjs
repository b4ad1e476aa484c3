// Loaded before the program (node --expose-gc --import): at SIGUSR2 it collects garbage and adds a line with the bytes of the
// main thread's heap that are in use to the file that BENCH_HEAP names. Plain Node, since the program may be of any commit.
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BENCH_HEAP;
if (isMainThread && file) {
  process.on('SIGUSR2', () => {
    // Twice: what a finalizer frees goes with the second collection.
    for (let i = 0; i < 2; i++) globalThis.gc?.();
    appendFileSync(file, `${process.memoryUsage().heapUsed}\n`);
  });
}
