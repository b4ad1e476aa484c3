// Read-to-answer times: the kernel gives no timestamps, so the time before read() is not included. Counted as
// HdrHistogram does it, with two significant digits: steps of 512 ns at first, which double with every power of two.
import type { Latency } from '../../protocol/messages.ts';

const MAX_NS = 3_600e9;
/** Upper ends of the buckets, 1-2-5 from 1 µs to three years. */
const EDGES = Array.from({ length: 43 }, (_, i) => ([1, 2, 5][i % 3] as number) * 10 ** (3 + Math.floor(i / 3)));

const STEP_BITS = 9;
/** Steps in each power of two, after the first 256. */
const STEPS = 128;
const STEPS_BITS = 7;
const COUNTS = (Math.floor(Math.log2(MAX_NS)) - STEP_BITS - STEPS_BITS + 2) * STEPS;

/** The first bucket whose end is not below `ns`. */
function bucketOf(ns: number): number {
  let low = 0;
  let high = EDGES.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (EDGES[middle]! < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countOf(ns: number): number {
  const doublings = Math.max(Math.floor(Math.log2(ns)) - STEPS_BITS - STEP_BITS, 0);
  return doublings * STEPS + Math.floor(ns / 2 ** (doublings + STEP_BITS));
}

/** The longest time that is counted here. */
function longestAt(count: number): number {
  const doublings = Math.max(Math.floor(count / STEPS) - 1, 0);
  const step = 2 ** (doublings + STEP_BITS);
  return (count - doublings * STEPS + 1) * step - 1;
}

export interface LatencyData {
  counts: Float64Array;
  buckets: Float64Array;
  max: number;
  total: number;
}

export class LatencyMeter {
  readonly #counts = new Float64Array(COUNTS);
  readonly #buckets = new Float64Array(EDGES.length);
  #max = 0;
  #total = 0;

  add(ns: number, count = 1): void {
    const bucket = bucketOf(ns);
    this.#buckets[bucket] = this.#buckets[bucket]! + count;
    const value = Math.min(Math.max(0, Math.round(ns)), MAX_NS);
    const at = countOf(value);
    this.#counts[at] = this.#counts[at]! + count;
    this.#total += count;
    if (value > this.#max) this.#max = value;
  }

  #at(percentile: number): number {
    const exact = (percentile / 100) * this.#total;
    // The product's rounding may be off by one unit in the last place.
    const wanted = Math.max(Math.ceil(exact - 2 ** (Math.floor(Math.log2(exact)) - 52)), 1);
    let sum = 0;
    for (let i = 0; i < COUNTS; i++) {
      sum += this.#counts[i]!;
      if (sum >= wanted) return Math.min(longestAt(i), this.#max);
    }
    return 0;
  }

  read(): Latency {
    return { count: this.#total, p50Ns: this.#at(50), p95Ns: this.#at(95), p99Ns: this.#at(99), maxNs: this.#max };
  }

  /** Answers by how long they took: from the first bucket (up to 1 µs) to the last that has any. */
  buckets(): { toNs: number; count: number }[] {
    const end = this.#buckets.findLastIndex((count) => count > 0) + 1;
    return Array.from(this.#buckets.subarray(0, end), (count, i) => ({ toNs: EDGES[i]!, count }));
  }

  snapshot(): LatencyData {
    return { counts: this.#counts.slice(), buckets: this.#buckets.slice(), max: this.#max, total: this.#total };
  }

  restore({ counts, buckets, max, total }: LatencyData): void {
    this.#counts.set(counts);
    this.#buckets.set(buckets);
    this.#max = max;
    this.#total = total;
  }
}
