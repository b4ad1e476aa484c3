import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrendMeter } from '../../../src/engine/ledger/trend.ts';
import type { WindowRequest } from '../../../src/protocol/messages.ts';
import { rig } from '../fixture.ts';

const WINDOW: WindowRequest = {
  control: 'window',
  streamRows: 0,
  streamEnd: null,
  pendingRows: 0,
  pendingFirst: 0,
  perSecond: 10,
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('the trend', () => {
  it('has an entry for each second, also for those in which nothing was stepped', () => {
    const { session, fault, clock } = rig();
    fault(3);
    clock.waitUntil(3_500_000_000n);
    fault(2);
    session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    clock.waitUntil(5_000_000_000n);
    expect(session.view(WINDOW).trend).toEqual({
      t: 5,
      faults: [3, 0, 0, 2, 0],
      answered: [0, 0, 0, 1, 0],
      pending: [3, 3, 3, 4, 4],
    });
  });

  it('is empty in the first second', () => {
    const { session, fault } = rig();
    fault(3);
    expect(session.view(WINDOW).trend).toEqual({ t: 0, faults: [], answered: [], pending: [] });
  });

  it('keeps 300 seconds', () => {
    const sums = { faults: 0, groups: 0, success: 0, invalid: 0, auto: 0, elsewhere: 0 };
    const trend = new TrendMeter(sums);
    sums.faults = sums.groups = 7;
    trend.advance(1_000e9);
    expect(trend.read(1_000e9)).toMatchObject({ t: 1_000, faults: new Array(300).fill(0) });
    expect(trend.read(1_001e9).pending).toEqual(new Array(300).fill(7));
  });

  it('adds up to the counters, whatever comes when', () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 2_500 }),
      faults: fc.integer({ min: 0, max: 4 }),
      answer: fc.constantFrom('none', 'all', 'oldest', 'replace'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const { session, fault, clock, devId } = rig();
        for (const { ms, faults, answer } of steps) {
          clock.waitUntil(clock.now() + BigInt(ms) * 1_000_000n);
          fault(faults);
          const oldest = session.state.ledger.pending.oldest?.group;
          if (answer === 'all') session.command({ cmd: 'respond', all: true, code: 'invalid' }, 'key');
          if (answer === 'replace') session.command({ cmd: 'replace', devId: devId(), hwpt: 'new-paging' }, 'key');
          if (answer === 'oldest' && oldest) {
            session.command({ cmd: 'respond', group: oldest, code: 'success' }, 'key');
          }
        }
        clock.waitUntil(clock.now() + 1_000_000_000n);
        const { trend, snapshot } = session.view(WINDOW);
        const { faults, success, invalid, auto, pending } = snapshot.counters;
        expect(sum(trend.faults)).toBe(faults);
        expect(sum(trend.answered)).toBe(success + invalid + auto);
        expect(trend.pending.at(-1)).toBe(pending);
        expect(trend.faults.length).toBe(trend.t);
      }),
      { numRuns: 100 },
    );
  });
});
