// What was lost in the last minute, of two counts that only go up.

const MINUTE_NS = 60e9;
/** Losses less than this apart are taken together, and forgotten together. */
const TOGETHER_NS = 1e9;

interface Loss {
  readonly ns: number;
  records: number;
  entries: number;
}

export class Losses {
  /** Oldest first: at most 61. */
  #losses: Loss[] = [];
  #records = 0;
  #entries = 0;

  /** Takes the counts so far; returns what they went up by in the minute before `nowNs`. */
  note(nowNs: number, records: number, entries: number): { records: number; entries: number } {
    this.#losses = this.#losses.filter(({ ns }) => nowNs - ns < MINUTE_NS);
    if (records > this.#records || entries > this.#entries) {
      const loss = this.#current(nowNs);
      loss.records += records - this.#records;
      loss.entries += entries - this.#entries;
      this.#records = records;
      this.#entries = entries;
    }
    const sum = { records: 0, entries: 0 };
    for (const loss of this.#losses) {
      sum.records += loss.records;
      sum.entries += loss.entries;
    }
    return sum;
  }

  #current(nowNs: number): Loss {
    const last = this.#losses.at(-1);
    if (last && nowNs - last.ns < TOGETHER_NS) return last;
    const loss = { ns: nowNs, records: 0, entries: 0 };
    this.#losses.push(loss);
    return loss;
  }

  /** When the first of them is forgotten, Infinity where there is none. */
  get nextOverNs(): number {
    const first = this.#losses[0];
    return first ? first.ns + MINUTE_NS : Number.POSITIVE_INFINITY;
  }
}
