import { build, type Histogram } from 'hdr-histogram-js';
import type { Latency } from '../../protocol/messages.ts';

const BUCKETS = 10;
const BUCKET_NS = 1e8;

/** Events a second over the last full second, in steps of a tenth. */
export class Rate {
  readonly #counts = new Float64Array(BUCKETS + 1);
  #bucket = 0;
  /** When something was added last, -Infinity before that. */
  lastNs = Number.NEGATIVE_INFINITY;

  add(count: number, nowNs: number): void {
    this.#advance(nowNs);
    this.lastNs = nowNs;
    this.#counts[this.#bucket % (BUCKETS + 1)] = (this.#counts[this.#bucket % (BUCKETS + 1)] as number) + count;
  }

  /** The current tenth is not finished and does not count. */
  perSecond(nowNs: number): number {
    this.#advance(nowNs);
    const current = this.#counts[this.#bucket % (BUCKETS + 1)] as number;
    return this.#counts.reduce((sum, n) => sum + n, 0) - current;
  }

  #advance(nowNs: number): void {
    const bucket = Math.floor(nowNs / BUCKET_NS);
    if (bucket - this.#bucket > BUCKETS) this.#counts.fill(0);
    else for (let b = this.#bucket + 1; b <= bucket; b++) this.#counts[b % (BUCKETS + 1)] = 0;
    this.#bucket = Math.max(bucket, this.#bucket);
  }
}

const MAX_NS = 3_600e9;
/** Upper ends of the buckets, 1-2-5 from 1 µs to three years. */
const EDGES = Array.from({ length: 43 }, (_, i) => ([1, 2, 5][i % 3] as number) * 10 ** (3 + Math.floor(i / 3)));

/** The first bucket whose end is not below `ns`. */
function bucketOf(ns: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((EDGES[middle] as number) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Read-to-answer times: the kernel gives no time of its own, so what passed before read() is not in it. */
export class LatencyMeter {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1_000,
    highestTrackableValue: MAX_NS,
    numberOfSignificantValueDigits: 2,
    bitBucketSize: 'packed',
  });
  readonly #buckets = new Float64Array(EDGES.length);
  #max = 0;

  add(ns: number, count = 1): void {
    const bucket = bucketOf(ns);
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + count;
    const value = Math.min(Math.max(0, Math.round(ns)), MAX_NS);
    this.#histogram.recordValueWithCount(value, count);
    if (value > this.#max) this.#max = value;
  }

  read(): Latency {
    const h = this.#histogram;
    const at = (percentile: number) =>
      h.totalCount === 0 ? 0 : Math.min(h.getValueAtPercentile(percentile), this.#max);
    return { count: h.totalCount, p50Ns: at(50), p95Ns: at(95), p99Ns: at(99), maxNs: this.#max };
  }

  /** Answers by how long they took: from the first bucket (up to 1 µs) to the last that has any. */
  buckets(): { toNs: number; count: number }[] {
    const end = this.#buckets.findLastIndex((count) => count > 0) + 1;
    return Array.from(this.#buckets.subarray(0, end), (count, i) => ({ toNs: EDGES[i] as number, count }));
  }
}
