import { writeSync } from 'node:fs';
import type { WakeHandle } from './kernel.ts';

const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);

/** Wakes the poller that `handle` belongs to, from any thread of the process. Waking a closed one does nothing. */
export function wake(handle: WakeHandle): void {
  if (handle.kind === 'shared') {
    const cell = new Int32Array(handle.cell);
    Atomics.store(cell, 0, 1);
    Atomics.notify(cell, 0);
    return;
  }
  try {
    writeSync(handle.fd, ONE);
  } catch {
    // EAGAIN: the counter is full, so the poller is awake already. EBADF: it is gone.
  }
}
