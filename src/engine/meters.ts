import { build, type Histogram } from 'hdr-histogram-js';
import type { Latency } from '../protocol/messages.ts';

const BUCKETS = 10;
const BUCKET_NS = 1e8;

/** Events a second over the last full second, in steps of a tenth. */
export class Rate {
  readonly #counts = new Float64Array(BUCKETS + 1);
  #bucket = 0;

  add(count: number, nowNs: number): void {
    this.#advance(nowNs);
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

/** Read-to-answer times: the kernel gives no time of its own, so what passed before read() is not in it. */
export class LatencyMeter {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1_000,
    highestTrackableValue: MAX_NS,
    numberOfSignificantValueDigits: 2,
    bitBucketSize: 'packed',
  });
  #max = 0;

  add(ns: number, count = 1): void {
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
}
