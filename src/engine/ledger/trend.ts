// What happened in each second. A second is closed when something later happens or when it is read: until then nothing can
// have changed, so a second that passed unobserved is right, too.
import type { Trend } from '../../protocol/messages.ts';

const SECOND_NS = 1e9;
const SECONDS = 300;

/** Totals since the start. */
export interface Sums {
  /** Faults and groups read. */
  readonly faults: number;
  readonly groups: number;
  readonly success: number;
  readonly invalid: number;
  readonly auto: number;
  /** Answered elsewhere. */
  readonly elsewhere: number;
}

export interface TrendData {
  faults: number[];
  answered: number[];
  pending: number[];
  closed: number;
  faultsBefore: number;
  answeredBefore: number;
}

export class TrendMeter {
  readonly #sums: Sums;
  #faults: number[] = [];
  #answered: number[] = [];
  #pending: number[] = [];
  #closed = 0;
  #faultsBefore = 0;
  #answeredBefore = 0;

  /** `sums` are read whenever a second is closed. */
  constructor(sums: Sums) {
    this.#sums = sums;
  }

  /** Must be called before the sums change at `nowNs` (session time): closes the seconds that are over by then. */
  advance(nowNs: number): void {
    if (nowNs < (this.#closed + 1) * SECOND_NS) return;
    const over = Math.floor(nowNs / SECOND_NS);
    const { faults, groups, success, invalid, auto, elsewhere } = this.#sums;
    const answered = success + invalid + auto + elsewhere;
    this.#push(faults - this.#faultsBefore, answered - this.#answeredBefore, groups - answered);
    // In those after the first nothing happened.
    for (let n = Math.min(over - this.#closed - 1, SECONDS); n > 0; n--) this.#push(0, 0, groups - answered);
    this.#faultsBefore = faults;
    this.#answeredBefore = answered;
    this.#closed = over;
  }

  #push(faults: number, answered: number, pending: number): void {
    if (this.#faults.push(faults) > SECONDS) this.#faults.shift();
    if (this.#answered.push(answered) > SECONDS) this.#answered.shift();
    if (this.#pending.push(pending) > SECONDS) this.#pending.shift();
  }

  read(nowNs: number): Trend {
    this.advance(nowNs);
    return { t: this.#closed, faults: [...this.#faults], answered: [...this.#answered], pending: [...this.#pending] };
  }

  snapshot(): TrendData {
    return {
      faults: [...this.#faults],
      answered: [...this.#answered],
      pending: [...this.#pending],
      closed: this.#closed,
      faultsBefore: this.#faultsBefore,
      answeredBefore: this.#answeredBefore,
    };
  }

  restore({ faults, answered, pending, closed, faultsBefore, answeredBefore }: TrendData): void {
    this.#faults = faults;
    this.#answered = answered;
    this.#pending = pending;
    this.#closed = closed;
    this.#faultsBefore = faultsBefore;
    this.#answeredBefore = answeredBefore;
  }
}
