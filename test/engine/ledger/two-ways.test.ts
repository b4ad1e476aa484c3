// What one rule answers at once goes the fast way, what a condition is asked about goes the slow one: one account.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rig } from '../fixture.ts';

const move = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      faults: fc.constantFrom(1, 2, 30, 400),
      pasid: fc.constantFrom(null, 1, 2),
      page: fc.nat({ max: 8 }),
      ms: fc.constantFrom(0, 0, 1, 700),
    }),
  },
  { weight: 1, arbitrary: fc.record({ replace: fc.constantFrom(null, 1) }) },
);

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

function played(moves: readonly Move[], code: 'success' | 'invalid', when: { when?: string }) {
  const test = rig({ rules: [{ name: 'all', then: code, ...when }], devices: [{ pasid: true, pasids: [1] }] });
  const { session, clock } = test;
  for (const each of moves) {
    if ('replace' in each) {
      const pasid = each.replace === null ? {} : { pasid: each.replace };
      session.command({ cmd: 'replace', devId: test.devId(), ...pasid, hwpt: 'new-paging' }, 'key');
      continue;
    }
    clock.waitUntil(BigInt(session.state.nowNs() + each.ms * 1e6) + session.state.startNs);
    test.fault(each.faults, each.pasid, 0x1000_0000n + BigInt(each.page) * 4096n);
  }
  const { ledger, rules } = session.state;
  return { ...ledger.snapshot(), hits: rules[0]?.hits, counters: ledger.counters(0) };
}

it('the fast way and the slow one leave the same ledger, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 12 }),
      fc.constantFrom('success' as const, 'invalid' as const),
      (moves, code) => {
        const fast = played(moves, code, {});
        // All that faults is above it, which only the records tell.
        const slow = played(moves, code, { when: 'addr >= 0x1000' });
        expect(slow.counters).toEqual(fast.counters);
        const differ = Object.entries(fast).filter(([part, of]) => !isDeepStrictEqual(slow[part as never], of));
        expect(differ.map(([part]) => part)).toEqual([]);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
