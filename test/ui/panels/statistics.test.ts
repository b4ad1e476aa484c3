import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { steps } from '../../../src/ui/model/statistics/latency.ts';
import { STATISTICS } from '../fixtures/fake-statistics.ts';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const bucket = (toNs: number, count: number) => ({ toNs, count });

describe('the steps of the histogram', () => {
  it('leave the empty ends out and mark where the percentiles lie', () => {
    const buckets = [bucket(1, 0), bucket(2, 50), bucket(5, 0), bucket(10, 45), bucket(20, 5), bucket(50, 0)];
    expect(steps(buckets, 10)).toEqual([
      { toNs: 2, count: 50, cumulative: 0.5, marks: [50] },
      { toNs: 5, count: 0, cumulative: 0.5, marks: [] },
      { toNs: 10, count: 45, cumulative: 0.95, marks: [95] },
      { toNs: 20, count: 5, cumulative: 1, marks: [99] },
    ]);
    expect(steps(buckets, 2).map(({ toNs, count }) => [toNs, count])).toEqual([
      [5, 50],
      [20, 50],
    ]);
    expect(steps([bucket(1, 0)], 5)).toEqual([]);
  });

  it('fit their place and lose nothing', () => {
    const counts = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 40 }), (numbers, rows) => {
        const all = steps(
          numbers.map((count, i) => bucket(i + 1, count)),
          rows,
        );
        const total = numbers.reduce((sum, n) => sum + n, 0);
        expect(all.length).toBeLessThanOrEqual(rows);
        expect(all.reduce((sum, step) => sum + step.count, 0)).toBe(total);
        if (!total) return;
        expect(all.at(-1)!.cumulative).toBe(1);
        expect(all.flatMap(({ marks }) => marks)).toEqual([50, 95, 99]);
      }),
    );
  });
});

function session(columns: number, rows: number): Session {
  const made = new Session(columns, rows);
  made.engine.statistics = STATISTICS;
  made.engine.fault(1);
  return made.press('5').view();
}

describe('the statistics page', () => {
  it.each(SIZES)('has straight sides, and asks for what it shows, at %dx%d', async (columns, rows) => {
    const made = session(columns, rows);
    const lines = await screenOf(made);
    expect(crookedRows(lines)).toEqual([]);
    expect(lines.join('\n')).toMatch(/Read→answer of 2,402 groups/);
    expect(made.press('1').view().engine.sent.at(-1)).not.toHaveProperty('statistics');
  });

  it('has the three beside each other where it is wide', async () => {
    const lines = await screenOf(session(200, 60));
    const heads = lines.find((line) => line.includes('Hot pages'))!;
    expect(heads).toMatch(/Read→answer of .*Hot pages.*By device and PASID \(and 17 groups elsewhere\)/);
    const titles = lines.find((line) => line.includes('REPEATS'))!;
    expect(titles).toMatch(/AT MOST .*PAGE +FAULTS +REPEATS .*GROUPS +FAULTS +REPEATED +R +W +X +P/);
    expect(lines.join('\n')).toMatch(/≤ 50 µs █+▌? +700 +36\.3% +/);
    for (const mark of ['p50', 'p95', 'p99']) expect(lines.join('\n')).toContain(mark);
  });

  it('has the tables beside the histogram at a middle width', async () => {
    const lines = await screenOf(session(120, 40));
    expect(lines.find((line) => line.includes('Hot pages'))).toContain('Read→answer');
    expect(lines.find((line) => line.includes('By device and PASID'))).not.toContain('Hot pages');
  });

  it('is scrolled through where it is narrow: all of it comes by', async () => {
    const made = session(80, 24);
    const seen = new Set<string>();
    for (let i = 0; i < 20; i++) {
      for (const line of await screenOf(made)) seen.add(line);
      made.press('pgdn').view();
    }
    const text = [...seen].join('\n');
    expect(text).toMatch(/│ {2}mock1 .*0x7f0010031000 +590 +589×/);
    expect(text).toMatch(/│ {2}mock1 +59 +31,000 +62,000 +1,141 +62,000/);
    expect((await screenOf(made))[3]).toContain('↑ for the rest');
    const end = (await screenOf(made)).slice(2);
    expect((await screenOf(made.press('down').view())).slice(2)).toEqual(end);
    expect((await screenOf(made.press('g').view()))[4]).toContain('Read→answer');
  });

  it('explains why it is empty', async () => {
    const text = (await screenOf(new Session(80, 24).press('5').view(40))).join('\n');
    expect(text).toContain('No fault has arrived from mock0 in 40s; press t to trigger one.');
  });

  it('is there also when it is opened on a frozen picture', async () => {
    const made = new Session(80, 24);
    made.engine.statistics = STATISTICS;
    made.engine.fault(1);
    expect((await screenOf(made.view().press('f 5').view())).join('\n')).toContain('Read→answer of 2,402 groups');
  });
});
