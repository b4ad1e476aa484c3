import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, seconds } from '../../src/text/duration.ts';
import { hex } from '../../src/text/hex.ts';
import { hasUnicode } from '../../src/text/locale.ts';
import { permBits } from '../../src/uapi/perm.ts';
import { clock, count, permLetters, plural, rate } from '../../src/ui/text/format.ts';
import { bare, FILLER, sanitise, toAscii } from '../../src/ui/text/sanitise.ts';
import { type Column, cell, fitColumns, headerLine, rowLine } from '../../src/ui/text/table.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { wrap } from '../../src/ui/text/wrap.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999_999, '999,999'],
    [1_234_567, '1.23 M'],
    [12_345_678_901, '12.3 G'],
  ])('count %d', (n, text) => expect(count(n)).toBe(text));

  it.each([
    [950, '950 ns'],
    [12_400, '12 µs'],
    [1_240, '1.2 µs'],
    [3_210_000, '3.2 ms'],
    [600_000_000, '600 ms'],
    [4_100_000_000, '4.1 s'],
    [192e9, '3m12s'],
    [7_440e9, '2h04m'],
  ])('duration %d ns', (ns, text) => expect(duration(ns)).toBe(text));

  it('durations fit their column at any age below a thousand hours', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 3_599_999 }), (s) => duration(s * 1e9).length <= 7));
  });

  it('the rest', () => {
    expect([rate(0), rate(0.84), rate(1234)]).toEqual(['0', '0.8', '1,234']);
    expect([seconds(40.9), seconds(200)]).toEqual(['40s', '3m20s']);
    expect(clock(1.2345678)).toBe('1.235');
    expect(hex(0x7f0000001000n)).toBe('0x7f0000001000');
    expect([permLetters(3), permLetters(15), permLetters(0)]).toEqual(['RW--', 'RWXP', '----']);
    expect(permLetters(permBits(['write', 'priv']))).toBe('-W-P');
    expect([plural(1, 'group'), plural(1200, 'group')]).toEqual(['1 group', '1,200 groups']);
  });
});

describe('text from outside', () => {
  it('cannot move the cursor or shift a column', () => {
    expect(sanitise('mock\x1b[2J0\n\u0301')).toBe('mock<U+001B>[2J0<U+000A><U+0301>');
    expect(sanitise('日本')).toBe(`日${FILLER}本${FILLER}`);
    expect(bare(sanitise('日本'))).toBe('日本');
    expect(sanitise('naïve')).toBe('naïve');
  });

  it('has ASCII in place of all that the screen draws', () => {
    expect(toAscii('╭─ µs → 3× … ▶')).toBe('+- us > 3x ~ >');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[\x00-\x7f]*$/.test(toAscii(text))));
  });

  it('breaks lines between words, and cuts what is longer', () => {
    expect(wrap('the kernel answers INVALID', 10)).toEqual(['the kernel', 'answers', 'INVALID']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
  });
});

const columns = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 6 }),
    title: fc.string({ maxLength: 12 }),
    align: fc.constantFrom('left' as const, 'right' as const),
    min: fc.integer({ min: 1, max: 14 }),
    extra: fc.integer({ min: 0, max: 20 }),
    priority: fc.integer({ min: 0, max: 9 }),
  }),
  { selector: (c) => c.id, minLength: 1, maxLength: 12 },
);
const make = ({ extra, ...c }: { extra: number; min: number }) => ({ ...c, max: c.min + extra }) as Column;

describe('table', () => {
  it('never exceeds the width, and all rows are as long as the header', () => {
    fc.assert(
      fc.property(columns, fc.integer({ min: 14, max: 300 }), fc.string({ maxLength: 40 }), (drawn, width, text) => {
        const fitted = fitColumns(drawn.map(make), width);
        const header = headerLine(fitted);
        const row = rowLine(fitted, Object.fromEntries(drawn.map((c) => [c.id, text])));
        return header.length <= width && row.length === header.length;
      }),
    );
  });

  it('leaves out the least wanted first, and keeps the order', () => {
    const column = (id: string, priority: number): Column => ({
      id,
      title: id,
      align: 'left',
      min: 5,
      max: 5,
      priority,
    });
    const all = [column('a', 0), column('b', 2), column('c', 1)];
    const ids = (width: number) => fitColumns(all, width).columns.map((p) => p.column.id);
    expect(ids(17)).toEqual(['a', 'b', 'c']);
    expect(ids(16)).toEqual(['a', 'c']);
    expect(ids(10)).toEqual(['a']);
  });

  it('cuts with an ellipsis and puts numbers to the right', () => {
    expect(cell('iommufd_mock0', 8)).toBe('iommufd…');
    expect(cell('42', 5, 'right')).toBe('   42');
    expect(cell('x', 0)).toBe('');
  });
});

describe('theme', () => {
  it('takes unicode from the locale and the terminal', () => {
    expect(hasUnicode({ LANG: 'en_US.UTF-8', TERM: 'xterm' })).toBe(true);
    expect(hasUnicode({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false);
    expect(hasUnicode({ LANG: 'en_US.UTF-8', TERM: 'linux' })).toBe(false);
    expect(hasUnicode({})).toBe(false);
  });

  it('has no colour with NO_COLOR, but still a cursor', () => {
    const theme = makeTheme({ NO_COLOR: '1', TERM: 'xterm' });
    expect(theme.paint('good', 'S')).toBe('S');
    expect(theme.paint('cursor', 'row')).toBe('\x1b[7mrow\x1b[0m');
  });
});
