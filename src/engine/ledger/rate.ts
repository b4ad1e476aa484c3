const BUCKETS = 10;
const BUCKET_NS = 1e8;

export interface RateData {
  counts: Float64Array;
  bucket: number;
  lastNs: number;
}

/** Events per second over the last full second, in steps of a tenth. */
export class Rate {
  readonly #counts = new Float64Array(BUCKETS + 1);
  #bucket = 0;
  /** When something was added last, -Infinity before that. */
  lastNs = Number.NEGATIVE_INFINITY;

  add(count: number, nowNs: number): void {
    this.#advance(nowNs);
    this.lastNs = nowNs;
    this.#counts[this.#bucket % (BUCKETS + 1)] = this.#counts[this.#bucket % (BUCKETS + 1)]! + count;
  }

  /** The current tenth is not finished and does not count. */
  perSecond(nowNs: number): number {
    this.#advance(nowNs);
    const current = this.#counts[this.#bucket % (BUCKETS + 1)]!;
    return this.#counts.reduce((sum, n) => sum + n, 0) - current;
  }

  #advance(nowNs: number): void {
    const bucket = Math.floor(nowNs / BUCKET_NS);
    if (bucket - this.#bucket > BUCKETS) this.#counts.fill(0);
    else for (let b = this.#bucket + 1; b <= bucket; b++) this.#counts[b % (BUCKETS + 1)] = 0;
    this.#bucket = Math.max(bucket, this.#bucket);
  }

  snapshot(): RateData {
    return { counts: this.#counts.slice(), bucket: this.#bucket, lastNs: this.lastNs };
  }

  restore({ counts, bucket, lastNs }: RateData): void {
    this.#counts.set(counts);
    this.#bucket = bucket;
    this.lastNs = lastNs;
  }
}
