import { expect, it } from 'vitest';
import { markdown, rows } from '../../lab/bench/report.mjs';
import { type Flood, quantile, type ScreenRun, screenMarkdown, screenRows } from '../../lab/bench/screen/rows.mjs';

const counters = { faults: 1_000_000, dropped: 0 };
const flood: Flood = {
  size: [120, 40],
  overview: { main: 0.02 },
  stream: { main: 0.03 },
  frames: 10,
  perFrame: 2_500,
  latency: [4, 2, 3, 1, 70],
  report: { given: 1_000_000, wrong: 0, counters },
};
const run: ScreenRun = {
  flood: [flood],
  quiet: { perFrame: 500 },
  idle: { share: 0.008, htop: 0.002 },
  slow: { block: { longest: [6] }, key: 800 },
  memory: { before: 100, after: 101, views: 10, counters },
  noHtop: null,
};
const lines = (changed: object): string[] => screenMarkdown(screenRows({ ...run, ...changed })).split('\n');
const line = (changed: object, words: string): string | undefined =>
  lines(changed).find((text) => text.includes(words));

it('gives the worse of the two views, the quantiles of the keys, and the ratio to htop', () => {
  expect(line({}, "main thread's share of a core")).toBe(
    "| 120×40: main thread's share of a core | 3.0 % | ≤ 10.0 % |",
  );
  expect(line({}, 'median')).toContain('| 3.0 ms |');
  expect(line({}, 'against htop')).toContain('| 4.00 × | ≤ 1.50 × (missed) |');
});

it('says which goal is missed', () => {
  expect(line({}, '99th percentile')).toContain('| 70 ms | ≤ 50 ms (missed) |');
  const lost = { ...flood, report: { ...flood.report, given: 1_000_007 } };
  expect(line({ flood: [lost] }, 'faults lost')).toContain('| 7 | ≤ 0 (missed) |');
});

it('says why there is no htop', () => {
  expect(line({ idle: { share: 0.008, htop: null }, noHtop: 'htop is not installed' }, 'against htop')).toContain(
    '| htop is not installed |  |',
  );
});

it('takes the quantile that a share of the values does not exceed', () => {
  expect(quantile([5, 1, 3], 0.5)).toBe(3);
  expect(quantile([1, 2], 0.99)).toBe(2);
});

it('gives start and memory as ratios to a bare Node of the same run', () => {
  const side = { ns: 1, first: 1, median: 1, p99: 1 };
  const times = { node: [30, 40, 50], frame: [60, 44, 50], version: [1, 50, 60] };
  const text: string = markdown(
    rows({
      faults: 1,
      lab: { drain: [{ c: side, iopftop: side }], latency: [{ c: side, iopftop: side }] },
      startup: { lab: times, host: times },
      resident: { node: [40_000], headless: [84_000], screen: [92_000] },
      memory: { faults: 1e6, more: 2e6, bytesPerFault: 70, growth: 0 },
    }),
  );
  expect(text).toContain('| exec to first frame, outside | `node -e 0` | 1.25 × | ≤ 1.2 (missed) |');
  expect(text).toContain('| `--version`, outside | `node -e 0` | 1.25 × | ≤ 1.4 |');
  expect(text).toContain('| resident memory on the mock, `--headless` | idle `node` | 2.10 × | ≤ 1.8 (missed) |');
  expect(text).toContain('| resident memory on the mock, with the screen | idle `node` | 2.30 × | ≤ 2.4 |');
});
