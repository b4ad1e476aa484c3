// `memory N M`: what N faults of history cost, and whether M of them cost more. The session over a queue that always has
// faults; no device, no lab.
import { Journal } from '../../src/engine/journal/journal.ts';
import { Session } from '../../src/engine/session.ts';
import { READ_BYTES, RECORD_BYTES } from '../../src/iommufd/fault-queue.ts';
import { type Kernel, Poll, type PollFd } from '../../src/kernel/kernel.ts';
import type { FaultSource } from '../../src/sources/source.ts';
import { engineOptions } from './engine-drain.ts';

const GROUPS_A_READ = 1_638;

function endlessQueue(): { records: Uint8Array; read(bytes: Uint8Array): number } {
  const records = new Uint8Array(Math.min(READ_BYTES, GROUPS_A_READ * RECORD_BYTES));
  const words = new Uint32Array(records.buffer);
  let page = 0;
  return {
    records,
    read(bytes) {
      for (let i = 0; i < GROUPS_A_READ; i++) {
        const at = (i * RECORD_BYTES) / 4;
        words[at] = 2; // LAST_PAGE
        words[at + 1] = 1 + (page & 7); // eight devices
        words[at + 6] = (page << 12) >>> 0;
        words[at + 7] = page >>> 20;
        words[at + 9] = i + 1; // cookie
        page++;
      }
      bytes.set(records);
      return records.byteLength;
    },
  };
}

function endlessSource(): FaultSource {
  const queue = endlessQueue();
  let now = 0n;
  const kernel = {
    now: () => (now += 1_000_000n),
    close: () => 0,
    wakeup: () => ({ fd: 0, handle: { kind: 'eventfd', fd: -1 }, clear: () => {} }),
    poll(fds: PollFd[]) {
      for (const fd of fds) fd.revents = fd.fd === 1 ? Poll.IN : 0;
      return 1;
    },
  } as unknown as Kernel;
  return {
    info: { kind: 'mock', mock: true, label: 'bench', scenario: null, seed: 1 },
    kernel,
    queues: [{ id: 1, fd: 1, read: queue.read, respond: (_: Uint8Array, count: number) => count }],
    devices: [],
    attachments: [],
    hwpts: [],
    watches: [],
    lent: null,
    handles: null,
    answering: { listener: null },
    attaching: null,
    mapping: null,
    triggering: null,
    owner: null,
    nextDueNs: () => null,
    tick: () => [],
    close: () => [],
  } as unknown as FaultSource;
}

/** Bytes in use after a collection: the heap and what lies outside it. */
function inUse(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes per fault with `faults` of history, and the growth in bytes from there to `more` faults. */
export function memory(faults: number, more: number) {
  const options = { ...engineOptions(), history: faults };
  const before = inUse();
  const source = endlessSource();
  const session = new Session({
    source,
    options,
    journal: new Journal(null),
    emit: () => {},
    version: '',
    startedAt: '',
  });
  const until = (count: number): number => {
    while (session.state.ledger.totals.faults < count) session.step(0);
    return inUse();
  };
  const full = until(faults);
  const later = until(more);
  return {
    faults,
    bytesPerFault: (full - before) / faults,
    more,
    growth: later - full,
    rss: process.memoryUsage().rss,
  };
}
