// Queues that fail. A failed read or write may be transient (no memory just now) or not: a queue that fails is left alone
// for a while, so that it does not take time from others, and iopftop gives up on it if it keeps failing.
import { CallRefused } from '../../kernel/kernel.ts';
import { Errno } from '../../uapi/errno.ts';

/** After a failure, before it is tried again. */
export const REST_NS = 100e6;
/** If more memory or a change of attachment must come first. */
const LONG_REST_NS = 1e9;
/** Failures in a row that are not transient, until iopftop gives up on the queue. */
const PATIENCE = 10;
/** How often in a row poll may call an empty queue ready. */
const IN_VAIN = 3;

const PASSING: readonly number[] = [Errno.ENOMEM, Errno.EINTR, Errno.EAGAIN];

/** Is it transient? */
export const passes = (error: unknown): boolean => error instanceof CallRefused && PASSING.includes(error.errno);

interface Ill {
  failures: number;
  inVain: number;
  untilNs: number;
  givenUp: boolean;
}

export class QueueHealth {
  /** By queue: those with a problem. */
  readonly #ill = new Map<number, Ill>();

  #of(queue: number): Ill {
    let ill = this.#ill.get(queue);
    if (!ill) {
      ill = { failures: 0, inVain: 0, untilNs: 0, givenUp: false };
      this.#ill.set(queue, ill);
    }
    return ill;
  }

  /** A read or write failed: it rests. Returns true if iopftop gives up on it now. */
  failed(queue: number, error: unknown, nowNs: number): boolean {
    const ill = this.#of(queue);
    ill.untilNs = nowNs + REST_NS;
    if (passes(error) || ill.givenUp) return false;
    ill.givenUp = ++ill.failures >= PATIENCE;
    return ill.givenUp;
  }

  /** It has a group that cannot be read until something changes. */
  stuck(queue: number, nowNs: number): void {
    this.#of(queue).untilNs = nowNs + LONG_REST_NS;
  }

  /** Poll called it ready, and there was nothing. Returns how often in a row. */
  inVain(queue: number, nowNs: number): number {
    const ill = this.#of(queue);
    if (++ill.inVain >= IN_VAIN) ill.untilNs = nowNs + REST_NS;
    return ill.inVain;
  }

  /** Something was read from it. */
  well(queue: number): void {
    if (this.#ill.size > 0) this.#ill.delete(queue);
  }

  /** Must it be left alone at this time? */
  rests(queue: number, nowNs: number): boolean {
    const ill = this.#ill.get(queue);
    return ill !== undefined && (ill.givenUp || nowNs < ill.untilNs);
  }

  givenUp(queue: number): boolean {
    return this.#ill.get(queue)?.givenUp === true;
  }

  /** When a queue that rests at `nowNs` must be tried again, Infinity if none rests. */
  nextDueNs(nowNs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { untilNs, givenUp } of this.#ill.values()) {
      if (!givenUp && untilNs > nowNs) next = Math.min(next, untilNs);
    }
    return next;
  }
}
