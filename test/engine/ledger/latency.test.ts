import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { expect, it } from 'vitest';
import { LatencyMeter } from '../../../src/engine/ledger/latency.ts';

const HOUR_NS = 3_600e9;

const time = fc.oneof(
  fc.integer({ min: 0, max: 5_000 }),
  fc.integer({ min: 0, max: HOUR_NS }),
  fc.nat({ max: 41 }).chain((bits) => fc.integer({ min: -2, max: 2 }).map((by) => Math.max(0, 2 ** bits + by))),
);

it('says what HdrHistogram says of the same times', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(time, fc.integer({ min: 1, max: 3_000 })), { maxLength: 40 }), (times) => {
      const meter = new LatencyMeter();
      const judge = build({
        lowestDiscernibleValue: 1_000,
        highestTrackableValue: HOUR_NS,
        numberOfSignificantValueDigits: 2,
      });
      for (const [ns, count] of times) {
        meter.add(ns, count);
        judge.recordValueWithCount(Math.min(ns, HOUR_NS), count);
      }
      const maxNs = Math.min(HOUR_NS, Math.max(0, ...times.map(([ns]) => ns)));
      const at = (percentile: number) =>
        times.length === 0 ? 0 : Math.min(judge.getValueAtPercentile(percentile), maxNs);
      expect(meter.read()).toEqual({ count: judge.totalCount, p50Ns: at(50), p95Ns: at(95), p99Ns: at(99), maxNs });
    }),
    { numRuns: 300 },
  );
});
