// A dry run is worth something only if it says what a real run does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/protocol/messages.ts';
import { ofType, rig } from '../fixture.ts';

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    when: fc.constantFrom('addr < 0x10002000', 'repeats > 0', 'grpid % 2 == 0', 'write', '1 / repeats > 0'),
    then: fc.constantFrom('success', 'invalid', 'map', 'hold'),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['then'] },
);
const bursts = fc.array(fc.record({ count: fc.integer({ min: 1, max: 5 }), page: fc.integer({ min: 0, max: 3 }) }), {
  minLength: 1,
  maxLength: 6,
});

const CODES: Record<string, string> = { success: 'success', map: 'success', invalid: 'invalid' };

describe('a dry run and a real one', () => {
  it('decide the same about every group, with the same hits', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 4 }), bursts, (rules, faults) => {
        const runs = [true, false].map((dryRun) => {
          const r = rig({ rules, dryRun });
          for (const { count, page } of faults) r.fault(count, null, 0x1000_0000n + BigInt(page) * 4_096n);
          return { ...r, hits: r.session.snapshot().rules.map(({ hits }) => hits) };
        });
        const [dry, real] = runs as [(typeof runs)[0], (typeof runs)[0]];
        const said = ofType(dry.events, 'verdicts').flatMap(({ rule, then, groups }) =>
          [...groups].filter(() => then !== 'hold').map((group) => [group, rule, CODES[then]]),
        );
        const done = ofType(real.events, 'answers').flatMap(({ rule, code, groups }) =>
          [...groups].map((group) => [group, rule, code]),
        );
        const byGroup = (a: unknown[], b: unknown[]) => Number(a[0]) - Number(b[0]);
        expect(said.sort(byGroup)).toEqual(done.sort(byGroup));
        expect(dry.hits).toEqual(real.hits);
        expect(ofType(dry.events, 'answers')).toEqual([]);
      }),
    );
  });
});
