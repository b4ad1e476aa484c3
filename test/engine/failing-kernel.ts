import type { PollFd } from '../../src/kernel/kernel.ts';
import { SimKernel, type SimOptions } from '../../src/kernel/sim/sim.ts';

type Call = 'read' | 'write' | 'poll';

/** The simulated kernel, which fails these calls so many times with this errno. Infinity: for ever. */
export class FailingKernel extends SimKernel {
  readonly calls = { read: 0, write: 0, poll: 0 };
  #left: Partial<Record<Call, number>> = {};
  #errno: Partial<Record<Call, number>> = {};
  /** Counted only: descriptors whose calls fail; null: all. */
  only: number | null = null;

  constructor(options: SimOptions) {
    super(options);
  }

  /** `errno` positive. */
  fail(call: Call, errno: number, times = Number.POSITIVE_INFINITY): void {
    this.#left[call] = times;
    this.#errno[call] = errno;
  }

  #failed(call: Call, fd: number | null): number | null {
    this.calls[call]++;
    const left = this.#left[call] ?? 0;
    if (left <= 0 || (fd !== null && this.only !== null && fd !== this.only)) return null;
    this.#left[call] = left - 1;
    return -(this.#errno[call] as number);
  }

  override read(fd: number, bytes: Uint8Array, count?: number): number {
    return this.#failed('read', fd) ?? super.read(fd, bytes, count);
  }

  override write(fd: number, bytes: Uint8Array, count?: number): number {
    return this.#failed('write', fd) ?? super.write(fd, bytes, count);
  }

  override poll(fds: PollFd[], timeoutMs: number): number {
    // One descriptor needs no allocation (do_sys_poll).
    const failed = fds.length > 1 ? this.#failed('poll', null) : null;
    if (failed === null) return super.poll(fds, timeoutMs);
    for (const fd of fds) fd.revents = 0;
    return failed;
  }
}
