import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/rules/expression.ts';

const VARIABLES = [
  { name: 'addr', type: 'int', meaning: '' },
  { name: 'last', type: 'int', meaning: '' },
] as const;

const TOP = 2n ** 64n - 1n;

const judge = (source: string, addr: bigint, last = addr) => compile(source, VARIABLES).judge({ addr, last });

describe('whole numbers', () => {
  it.each([
    ['addr + 0x1000 > 0x100000000', 0xffff_ffff_ffff_f000n],
    ['addr + 0x1000 == 18446744073709551616', 0xffff_ffff_ffff_f000n],
    ['addr >= 0xffff800000000000', 0xffff_8000_0000_0000n],
    ['addr - 0x1000 < 0', 0n],
    ['addr * 2 / 2 == addr', TOP],
    ['addr * addr > addr', TOP],
    ['-addr - 1 < -addr', TOP],
    ['addr in [1, 0xffffffffffffffff]', TOP],
    ['[1, 2].all(n, addr + n > addr)', TOP],
    ['(addr > 5 ? addr : 5) + 1 == 0x10000000000000000', TOP],
    ['dyn(addr) + 1 > addr', TOP],
    ['9223372036854775807 + 1 == 9223372036854775808', 0n],
  ])('do not wrap and do not overflow: %s', (source, addr) => {
    expect(judge(source, addr)).toEqual({ holds: true, error: null });
  });

  it.each([
    ['addr + 0x1000u > 0x100000000u', 0xffff_ffff_ffff_f000n],
    ['addr >= 0xffff800000000000u', TOP],
    ['uint(addr) + 1 > 5u', TOP],
    ['uint("18446744073709551615") == addr', TOP],
    ['uint(1.5) == addr', 1n],
  ])('written as unsigned are the same numbers: %s', (source, addr) => {
    expect(judge(source, addr)).toEqual({ holds: true, error: null });
  });

  it.each([
    ['uint(addr - 1) > 0', 'uint(-1): not in 0 to 2^64-1'],
    ['uint(0x10000000000000000 + addr) > 0', 'uint(18446744073709551616): not in 0 to 2^64-1'],
    ['uint("x") == addr', 'uint("x"): not a whole number'],
    ['uint(double("inf")) == addr', 'uint(Infinity): not a number'],
    ['1 / addr == 1', 'division by zero (column 1)'],
    ['1 % addr == 1', 'modulo by zero (column 1)'],
  ])('that are none are told: %s', (source, error) => {
    expect(judge(source, 0n)).toEqual({ holds: false, error });
  });

  const ADDRESS = fc.oneof(
    fc.bigInt({ min: 0n, max: TOP }),
    fc.constantFrom(0n, 1n, 0xfffn, 2n ** 31n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, TOP - 0xfffn, TOP),
  );

  /** An expression beside what it is; null: it cannot be evaluated. */
  interface Sum {
    text: string;
    value: (facts: { addr: bigint; last: bigint }) => bigint | null;
  }
  const literal = fc.tuple(ADDRESS, fc.constantFrom('x', 'd', 'u', 'xu')).map(([n, how]): Sum => {
    const digits = how.startsWith('x') ? `0x${n.toString(16)}` : `${n}`;
    return { text: `${digits}${how.endsWith('u') ? 'u' : ''}`, value: () => n };
  });
  const variable = fc.constantFrom('addr' as const, 'last' as const).map((name): Sum => {
    return { text: name, value: (facts) => facts[name] };
  });
  const OPERATIONS: Record<string, (a: bigint, b: bigint) => bigint | null> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => (b === 0n ? null : a / b),
    '%': (a, b) => (b === 0n ? null : a % b),
  };
  const COMPARISONS: Record<string, (a: bigint, b: bigint) => boolean> = {
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
    '<': (a, b) => a < b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '>=': (a, b) => a >= b,
  };
  const sum = fc.letrec<{ sum: Sum }>((tie) => ({
    sum: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      variable,
      literal,
      tie('sum').map((of): Sum => {
        return {
          text: `(-${of.text})`,
          value: (facts) => {
            const value = of.value(facts);
            return value === null ? null : -value;
          },
        };
      }),
      fc.tuple(tie('sum'), fc.constantFrom(...Object.keys(OPERATIONS)), tie('sum')).map(([a, op, b]): Sum => {
        return {
          text: `(${a.text} ${op} ${b.text})`,
          value: (facts) => {
            const [left, right] = [a.value(facts), b.value(facts)];
            return left === null || right === null ? null : (OPERATIONS[op]?.(left, right) ?? null);
          },
        };
      }),
    ),
  })).sum;

  it('are what they are on paper, whatever is done with them', () => {
    let broken = 0;
    fc.assert(
      fc.property(
        sum,
        fc.constantFrom(...Object.keys(COMPARISONS)),
        sum,
        fc.array(fc.record({ addr: ADDRESS, last: ADDRESS }), { minLength: 1, maxLength: 4 }),
        (a, op, b, rows) => {
          const { judge } = compile(`${a.text} ${op} ${b.text}`, VARIABLES);
          for (const facts of rows) {
            const [left, right] = [a.value(facts), b.value(facts)];
            const { holds, error } = judge(facts);
            if (left === null || right === null) {
              broken++;
              expect(holds).toBe(false);
              expect(error).toMatch(/^(division|modulo) by zero/);
            } else expect({ holds, error }).toEqual({ holds: COMPARISONS[op]?.(left, right), error: null });
          }
        },
      ),
      { numRuns: 2_000, seed: 1 },
    );
    expect(broken).toBeGreaterThan(10);
  });

  it('that grow without end are refused before they are ever computed', () => {
    const product = Array(1_000).fill('addr').join(' * ');
    expect(() => compile(`${product} > 0`, VARIABLES)).toThrow(/^it may take .* steps, more than 100000/);
    const squares = (depth: number): string =>
      depth === 0 ? 'addr' : `[${squares(depth - 1)}].exists(a${depth}, a${depth} * a${depth} > 0)`;
    expect(compile(squares(1), VARIABLES).judge({ addr: 1n, last: 1n }).holds).toBe(true);
    expect(() => compile(`${'9'.repeat(2_000)} % ${'9'.repeat(2_000)} == addr`, VARIABLES)).toThrow(/^it may take/);
  });
});
