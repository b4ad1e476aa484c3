// The clock of the simulated kernel: the real one, or one that only advances by waits.

export interface SimClock {
  /** Monotonic time in nanoseconds. */
  now(): bigint;
  /**
   * Waits until `deadlineNs` (undefined: for ever) or until word 0 of `cell` is no longer 0, whichever comes first.
   * May return early.
   */
  waitUntil(deadlineNs: bigint | undefined, cell?: Int32Array<SharedArrayBuffer>): void;
}

const NS_PER_MS = 1_000_000;

/** The machine's own clock. A wait blocks the thread; another thread ends it through the cell (see wake.ts). */
export class RealClock implements SimClock {
  readonly #own = new Int32Array(new SharedArrayBuffer(4));

  now(): bigint {
    return process.hrtime.bigint();
  }

  waitUntil(deadlineNs: bigint | undefined, cell: Int32Array<SharedArrayBuffer> = this.#own): void {
    if (deadlineNs === undefined) {
      Atomics.wait(cell, 0, 0);
      return;
    }
    const left = Number(deadlineNs - this.now());
    if (left > 0) Atomics.wait(cell, 0, 0, left / NS_PER_MS);
  }
}

/** A clock that advances only by waits, which end at once at their deadline. */
export class VirtualClock implements SimClock {
  #now: bigint;

  constructor(startNs = 0n) {
    this.#now = startNs;
  }

  now(): bigint {
    return this.#now;
  }

  advance(ns: bigint): void {
    this.#now += ns;
  }

  waitUntil(deadlineNs: bigint | undefined): void {
    if (deadlineNs !== undefined && deadlineNs > this.#now) this.#now = deadlineNs;
  }
}
