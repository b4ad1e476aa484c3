// A slice of work on filters: a number of groups and a time, between two polls of the fault queues.

/** Groups between two looks at the clock. */
const CLOCK_EVERY = 16;

/** What may be spent on filters in one step of the engine. */
export interface Budget {
  /** Groups judged: bounds a slice when time does not advance, as in simulated time. */
  groups: number;
  ns: number;
}

/** While faults come in: an answer may be delayed by a millisecond. */
export const BUSY: Budget = { groups: 4_096, ns: 1e6 };
/** While none do. */
export const IDLE: Budget = { groups: 16_384, ns: 4e6 };

/** In simulated time, which does not advance meanwhile: a view is then the same on any machine. */
export const ALL: Budget = { groups: Number.POSITIVE_INFINITY, ns: Number.POSITIVE_INFINITY };

export class Slice {
  readonly #nowNs: () => number;
  readonly #endNs: number;
  #left: number;

  constructor({ groups, ns }: Budget, nowNs: () => number) {
    this.#nowNs = nowNs;
    this.#endNs = nowNs() + ns;
    this.#left = groups;
  }

  get over(): boolean {
    return this.#left <= 0;
  }

  /** One more group was judged. */
  spend(): void {
    this.#left--;
    if (this.#left % CLOCK_EVERY === 0 && this.#nowNs() >= this.#endNs) this.#left = 0;
  }
}
