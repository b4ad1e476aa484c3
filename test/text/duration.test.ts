import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/cli/rules-file.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import {
  DURATION_PATTERN,
  LONGER_PATTERN,
  readDuration,
  readFineDuration,
  tenths,
  writeDuration,
} from '../../src/text/duration.ts';
import { mistake, ruleOf as ruleOfForm } from '../../src/ui/actions/rule-form.ts';
import type { RuleForm } from '../../src/ui/model/overlays.ts';
import { lineOf } from '../../src/ui/text/line-editor.ts';

const NONE = [
  '',
  ' ',
  's',
  '5',
  '1 week',
  '1e3s',
  '1s2',
  '1toString',
  '-1s',
  '+1s',
  '1.s',
  '.5s',
  '5S',
  '5mins',
  '5 m s',
];

describe('readDuration', () => {
  it.each([
    ['0', 0],
    ['0.0', 0],
    ['500ms', 500],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['5min', 300_000],
    ['1 h', 3_600_000],
    [' 10s ', 10_000],
    ['0.1ms', 0.1],
  ])('%j', (text, ms) => expect(readDuration(text)).toBe(ms));

  it.each([...NONE, '5us', '5ns', `${'9'.repeat(400)}h`])('refuses %j', (text) => {
    expect(readDuration(text)).toBeNull();
  });
});

describe('readFineDuration', () => {
  it('knows what is shorter, too', () => {
    const read = ['1ns', '2us', '3ms', '4s', '1.5m', '1.5min', '1h'].map(readFineDuration);
    expect(read).toEqual([1n, 2000n, 3_000_000n, 4_000_000_000n, 90_000_000_000n, 90_000_000_000n, 3_600_000_000_000n]);
  });

  it.each(NONE)('refuses %j', (text) => expect(readFineDuration(text)).toBeNull());
});

describe('writeDuration', () => {
  it.each([
    [0, '0ms'],
    [10_000, '10s'],
    [90_000, '90s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
    [1500, '1500ms'],
  ])('%d', (ms, text) => expect(writeDuration(ms)).toBe(text));

  it('writes what is read as the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeNat(), fc.double({ min: 1e-9, max: 1e12, noNaN: true })), (ms) => {
        expect(readDuration(writeDuration(ms))).toBeCloseTo(ms, 9);
      }),
    );
  });
});

it('is read alike in a file, in the form of a rule and by the schema', () => {
  const spelt = fc.tuple(fc.constantFrom('0', '1', '2.5', '00', '1e3', '', '-1'), fc.constantFrom('', ' '), UNITS());
  fc.assert(
    fc.property(spelt, ([amount, blank, unit]) => {
      const text = `${amount}${blank}${unit}`;
      if (text.trim() === '') return;
      expect(inForm(text)).toBe(inFile(text));
      expect(new RegExp(DURATION_PATTERN).test(text)).toBe(readDuration(text) !== null);
      expect(new RegExp(LONGER_PATTERN).test(text)).toBe((readDuration(text) ?? 0) > 0);
    }),
    { numRuns: 500 },
  );
});

const UNITS = () => fc.constantFrom('', 'ns', 'us', 'ms', 's', 'm', 'min', 'h', 'd', 'S');

function inFile(after: string): number | null {
  try {
    return ruleOf({ then: 'success', after }, 'rule 1').afterMs ?? 0;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function inForm(after: string): number | null {
  const fields = { name: lineOf('r'), when: lineOf(''), then: 'success' as const, after: lineOf(after) };
  const form = { rules: [], name: null, index: 0, fields } as unknown as RuleForm;
  return mistake(form) === null ? (ruleOfForm(form).afterMs ?? 0) : null;
}

it('tells tenths of a second that have passed', () => {
  expect([tenths(0), tenths(3_290_000_000), tenths(3_290_000_000n)]).toEqual(['0.0 s', '3.2 s', '3.2 s']);
});
