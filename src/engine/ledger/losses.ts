// What was lost on the way, by place: in total and in the last minute.

/** `source`: before we could see it (a kernel ring was full); to a reader of the stream; to the journal's file. */
export type LossPlace = 'source' | 'stream' | 'journal';

type Counts = Record<LossPlace, number>;

interface Loss {
  readonly ns: number;
  readonly counts: Counts;
}

export interface LossesData {
  recent: Loss[];
  total: Counts;
}

const MINUTE_NS = 60e9;
/** Losses less than this apart are counted together, and forgotten together. */
const TOGETHER_NS = 1e9;

const none = (): Counts => ({ source: 0, stream: 0, journal: 0 });

export class Losses {
  /** Oldest first: at most 61. */
  #recent: Loss[] = [];
  readonly total = none();

  add(where: LossPlace, count: number, nowNs: number): void {
    if (count <= 0) return;
    this.#forget(nowNs);
    this.#current(nowNs).counts[where] += count;
    this.total[where] += count;
  }

  /** In the minute before `nowNs`. */
  lastMinute(nowNs: number): Readonly<Counts> {
    this.#forget(nowNs);
    const sum = none();
    for (const { counts } of this.#recent) for (const where of PLACES) sum[where] += counts[where];
    return sum;
  }

  #forget(nowNs: number): void {
    if (nowNs < this.nextOverNs) return;
    this.#recent = this.#recent.filter(({ ns }) => nowNs - ns < MINUTE_NS);
  }

  #current(nowNs: number): Loss {
    const last = this.#recent.at(-1);
    if (last && nowNs - last.ns < TOGETHER_NS) return last;
    const loss = { ns: nowNs, counts: none() };
    this.#recent.push(loss);
    return loss;
  }

  /** When the first of them is forgotten, Infinity if there is none. */
  get nextOverNs(): number {
    const first = this.#recent[0];
    return first ? first.ns + MINUTE_NS : Number.POSITIVE_INFINITY;
  }

  snapshot(): LossesData {
    return structuredClone({ recent: this.#recent, total: this.total });
  }

  restore({ recent, total }: LossesData): void {
    this.#recent = recent;
    Object.assign(this.total, total);
  }
}

const PLACES = ['source', 'stream', 'journal'] as const;
