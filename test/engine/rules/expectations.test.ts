// --expect: conditions over the summary.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpectations, ExpectError, judged } from '../../../src/engine/rules/expectations.ts';
import { SUMMARY_VARIABLES, summaryFacts, summaryValues } from '../../../src/protocol/expect-variables.ts';
import { unmetLines } from '../../../src/protocol/unmet.ts';

const COUNTERS = {
  faults: 9,
  groups: 4,
  pending: 0,
  success: 3,
  invalid: 1,
  unseen: 0,
  auto: 0,
  refused: 0,
  repeated: 2,
  evicted: 0,
  dropped: 0,
};
const SUMMARY = {
  t: 1.5,
  counters: COUNTERS,
  latency: { count: 4, p50Ns: 10, p95Ns: 20, p99Ns: 30.4, maxNs: 40 },
  outstanding: { groups: 3, plan: 'invalid' as const, answered: 1, gone: 1 },
};
const judge = (...exprs: string[]) => judged(compileExpectations(exprs), SUMMARY).expectations ?? [];

describe('a condition', () => {
  it('holds, or does not, with the values that it speaks of in its order', () => {
    expect(judge('success == groups', 'groups < 5 && invalid == 1')).toEqual([
      { expr: 'success == groups', holds: false, values: { success: 3, groups: 4 }, error: null },
      { expr: 'groups < 5 && invalid == 1', holds: true, values: { groups: 4, invalid: 1 }, error: null },
    ]);
  });

  it('has every number of the summary', () => {
    expect(Object.keys(summaryValues(SUMMARY)).sort()).toEqual(SUMMARY_VARIABLES.map(({ name }) => name).sort());
    const { type: _, ...numbers } = { type: 0, ...summaryValues(SUMMARY) };
    for (const { name } of SUMMARY_VARIABLES) {
      expect(judge(`${name} == ${Math.round(numbers[name])}`)).toMatchObject([{ holds: true }]);
    }
    expect(numbers).toMatchObject({ outstanding: 3, answeredAtExit: 1, gone: 1, unanswered: 1, elapsedMs: 1500 });
  });

  it('is nothing in the summary where none is given', () => {
    expect(judged([], SUMMARY)).toEqual({});
  });

  it('that cannot be evaluated does not hold, and says why', () => {
    expect(judge('success / auto == 0')).toMatchObject([
      { holds: false, error: expect.stringContaining('division by zero') },
    ]);
    expect(judge('!(success / auto == 0)')).toMatchObject([{ holds: false, error: expect.any(String) }]);
    expect(judge('false && success / auto == 0', 'auto == 0 || success / auto == 0')).toMatchObject([
      { holds: false, error: null },
      { holds: true, error: null },
    ]);
  });

  it('is exact where numbers are large', () => {
    const large = { ...SUMMARY, counters: { ...COUNTERS, faults: Number.MAX_SAFE_INTEGER } };
    const [first] = judged(compileExpectations(['faults * faults > 18446744073709551616']), large).expectations!;
    expect(first).toMatchObject({ holds: true, error: null });
    expect(summaryFacts(summaryValues(large)).faults).toBe(9_007_199_254_740_991n);
  });
});

describe('a mistake', () => {
  it.each([
    ['sucess > 0', '--expect "sucess > 0" at column 1: Unknown variable: sucess; it can use faults, groups'],
    ['groups', '--expect "groups": it must be a bool, got int'],
    ['groups == "3"', '--expect "groups == \\"3\\"" at column'],
    ['groups =', '--expect "groups =" at column'],
    [' ', '--expect " " at column'],
    ['device == "x"', 'Unknown variable: device'],
  ])('%j', (expr, said) => {
    expect(() => compileExpectations(['groups > 0', expr])).toThrow(ExpectError);
    expect(() => compileExpectations([expr])).toThrow(said);
  });

  it('is one, or none, whatever is typed', () => {
    const piece = fc.constantFrom(
      'groups',
      'success',
      '==',
      '/',
      '(',
      ')',
      '0',
      '1',
      '&&',
      '!',
      '"',
      'true',
      '[',
      ']',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        try {
          for (const { holds, error } of judge(pieces.join(' '))) expect(holds && error !== null).toBe(false);
        } catch (error) {
          if (!(error instanceof ExpectError)) throw error;
          expect(error.message).not.toContain('\n');
        }
      }),
      { numRuns: 300 },
    );
  });
});

it('is said in words', () => {
  expect(unmetLines(judge('success == groups', 'groups == 4', '1 == 2', 'success / auto == 1'))).toEqual([
    'expected success == groups: success is 3, groups is 4',
    'expected 1 == 2: it does not hold',
    expect.stringMatching(
      /^expected success \/ auto == 1: it cannot be evaluated: .*division by zero.*, success is 3, auto is 0$/,
    ),
  ]);
  expect(unmetLines(undefined)).toEqual([]);
});
