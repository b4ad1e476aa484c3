import { expect, it } from 'vitest';
import { comparisonMarkdown, comparisonRows } from '../../lab/bench/against/goals.mjs';
import { partsOf } from '../../lab/bench/against/run.mjs';
import { isShown, type Signature, signatureOf } from '../../lab/bench/against/signature.mjs';
import { isComplete } from '../../lab/bench/against/start.mjs';
import { inTurns, joined } from '../../lab/bench/against/turns.mjs';

const cells = (text: string): string[] => [...text];
const shows = (text: string, signature: Signature): boolean => isShown((index) => text[index] ?? ' ', signature);

it('measures both programs in turns, A B B A', async () => {
  const order: string[] = [];
  const turns = await inTurns(3, async (side, turn) => {
    order.push(side);
    return { ms: [turn, side === 'now' ? 1 : 0] };
  });
  expect(order).toEqual(['before', 'now', 'now', 'before', 'before', 'now']);
  expect(turns.ms.now).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});

it('joins turns into a few of the same length, and loses no value', () => {
  const list = [[1], [2], [3], [4], [5]];
  expect(joined({ before: list, now: list }, 2).before).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
  expect(joined({ before: [[1]], now: [[2]] }, 4)).toEqual({ before: [[1]], now: [[2]] });
});

it('recognises a page by the cells that stay while it is shown and were otherwise before', () => {
  // Column 0 is the same on both pages, column 5 is a counter.
  const signature = signatureOf([cells('|abcd1'), cells('|abcd2')], [cells('|wxyz3'), cells('|wxyz4')]);
  expect(signature.map(({ index, cell }) => `${index}${cell}`)).toEqual(['1w', '2x', '3y', '4z']);
  expect(shows('|wxyz9', signature)).toBe(true);
  expect(shows('|wxy?9', signature)).toBe(true);
  expect(shows('|wx??9', signature)).toBe(false);
  expect(shows('|abcd9', signature)).toBe(false);
});

it('does not take anything for a page that looks like the one before', () => {
  expect(signatureOf([cells('same')], [cells('same')])).toEqual([]);
  expect(shows('same', [])).toBe(false);
});

it('spreads a long signature over the whole page', () => {
  const signature = signatureOf([Array(10_000).fill('a')], [Array(10_000).fill('b')]);
  expect(signature).toHaveLength(150);
  expect(signature.at(-1)?.index).toBeGreaterThan(9_900);
});

const COMPLETE = [
  ' iopftop 0.1.0  MOCK',
  ' 2.0 faults/s  pending 2  oldest 240 ms',
  ' 1 Overview  2 Devices',
  '│· bench0   4  paging 6 │',
  '│  bench1   7  paging 9 │',
  '│▶  240 ms  1  bench0   0x10000000 │',
  '│   240 ms  2  bench1   0x11000000 │',
  '│  P  0.051 1  bench0   0x10000000 │',
  '│  P  0.051 2  bench1   0x11000000 │',
];

it('takes a screen for complete when each panel has its data, and no sooner', () => {
  expect(isComplete(COMPLETE)).toBe(true);
  for (const row of [1, 3, 4, 5, 6, 7, 8]) {
    expect(isComplete(COMPLETE.map((text, i) => (i === row ? '' : text))), `without row ${row}`).toBe(false);
  }
});

const rowOf = (from: string, before: number[][], now: number[][]) => comparisonRows({ [from]: { before, now } })[0]!;

it.each([
  ['within both', [[0.03], [0.04]], [[0.036], [0.044]], true],
  ['beyond the ratio', [[0.03], [0.03]], [[0.037], [0.037]], false],
  ['beyond the share of a core', [[0.05], [0.05]], [[0.051], [0.051]], false],
])('the goal of the main thread: %s', (_, before, now, met) => {
  const row = rowOf('200x60.overview', before, now);
  expect(row.met).toBe(met);
  expect(row.goal).toBe('≤ 1.20 × and ≤ 5.0 %');
});

it('has a margin for noise where the goal is no later than before, and says how much', () => {
  expect(rowOf('start.frame', [[100]], [[104]]).met).toBe(true);
  const late = rowOf('start.frame', [[100]], [[108]]);
  expect(late.met).toBe(false);
  expect(late.ok).toBe(true);
  expect(late.goal).toMatch(/^≤ 1\.00 × \(\+ 0\.\d\d noise\)$/);
  expect(rowOf('start.frame', [[100]], [[140]]).ok).toBe(false);
});

it('gives the 99th percentile its own goal', () => {
  const keys = [...Array(98).fill(3), 30, 30];
  const rows = comparisonRows({ '200x60.keys': { before: [keys], now: [keys] } });
  expect(rows.map(({ shown, met }) => [shown[1], met])).toEqual([
    ['3.0 ms', true],
    ['30 ms', false],
  ]);
});

it('prints medians, the ratio, its range over the turns, and which goal is missed', () => {
  const rows = comparisonRows({ 'start.complete': { before: [[100], [100]], now: [[110], [130]] } });
  expect(comparisonMarkdown(rows, '0123456789abcdef').split('\n')).toEqual([
    '| 100,000 faults/s unless stated otherwise | before (0123456789ab) | now | ratio (of its turns) | goal |',
    '|---|---|---|---|---|',
    '| exec to first complete screen | 100 ms | 120 ms | 1.20 × (1.10–1.30) | ≤ 1.10 × (missed) |',
    '',
  ]);
});

it('has no row for what was not measured', () => {
  expect(comparisonRows({})).toEqual([]);
});

it('says which parts there are', () => {
  expect(partsOf(undefined)).toEqual(['start', 'keys', 'warm', 'heap']);
  expect(partsOf('heap,start')).toEqual(['heap', 'start']);
  expect(() => partsOf('heat')).toThrow('--only: no part "heat"; there are start, keys, warm, heap');
});
