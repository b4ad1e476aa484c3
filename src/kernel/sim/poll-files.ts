// poll(2): devices that are due act first; while nothing is ready, time passes until one is due or the caller's is up.
import { Poll, type PollFd } from '../kernel.ts';
import type { Bus } from './bus.ts';
import type { SimClock } from './clock.ts';
import type { FdTable } from './files.ts';
import { ALWAYS } from './poll.ts';
import { WakeupFile } from './wakeup-file.ts';

const NS_PER_MS = 1_000_000n;

export interface Poller {
  readonly fds: FdTable;
  readonly bus: Bus;
  readonly clock: SimClock;
}

/** do_poll(): fills in revents and returns how many are not 0. */
function ready(table: FdTable, fds: readonly PollFd[]): number {
  let count = 0;
  for (const p of fds) {
    const file = p.fd < 0 ? undefined : table.get(p.fd);
    if (p.fd < 0) p.revents = 0;
    else p.revents = file ? file.ops.poll() & (p.events | ALWAYS) : Poll.NVAL;
    if (p.revents !== 0) count++;
  }
  return count;
}

function cellOf(table: FdTable, fds: readonly PollFd[]): Int32Array<SharedArrayBuffer> | undefined {
  for (const p of fds) {
    const ops = table.get(p.fd)?.ops;
    if (ops instanceof WakeupFile && p.events & Poll.IN) return ops.cell;
  }
  return undefined;
}

/**
 * Returns 0 when the time is up. On a virtual clock, a wait without a limit in which nothing can happen returns 0 too:
 * nobody could end it.
 */
export function pollFiles({ fds: table, bus, clock }: Poller, fds: PollFd[], timeoutMs: number): number {
  const deadline = timeoutMs < 0 ? undefined : clock.now() + BigInt(Math.trunc(timeoutMs)) * NS_PER_MS;
  for (;;) {
    const now = clock.now();
    bus.run(now);
    const count = ready(table, fds);
    if (count > 0 || (deadline !== undefined && now >= deadline)) return count;
    const due = bus.nextDue();
    const until = due !== undefined && (deadline === undefined || due < deadline) ? due : deadline;
    clock.waitUntil(until, cellOf(table, fds));
    if (until === undefined) {
      bus.run(clock.now());
      return ready(table, fds);
    }
  }
}
