// A line of text and SGR sequences as cells, and cells on a grid.
import { describe, expect, it } from 'vitest';
import {
  BLANK,
  cellOf,
  emptied,
  isSecondHalf,
  sgrOfCell,
  styleOf,
  textOfCell,
  UNKNOWN,
} from '../../../src/ui/paint/cell.ts';
import { lookOf } from '../../../src/ui/paint/colour.ts';
import { glyphOf, graphemeAt, mayJoin, unitWidth } from '../../../src/ui/paint/glyph.ts';
import { Grid } from '../../../src/ui/paint/grid.ts';
import { Run } from '../../../src/ui/paint/run.ts';
import { applySgr, applySgrAt, sgrOf } from '../../../src/ui/paint/style.ts';
import { allColours } from './chalk.ts';

allColours();

const look = (...sequences: string[]): string => sgrOf(sequences.reduce((style, each) => applySgr(style, each), 0));

/** The cells of a line, `_` for the second half of a wide character. */
const textOf = (run: Run): string =>
  [...run.cells.subarray(0, run.width)].map((cell) => (isSecondHalf(cell) ? '_' : textOfCell(cell))).join('');
const read = (line: string): Run => new Run().read(line);

describe('a style', () => {
  it.each([
    ['plain', [], ''],
    ['one', ['31'], '31'],
    ['in its own order, however it was said', ['31', '1'], '1;31'],
    ['the same at once', ['31;1'], '1;31'],
    ['the last of two colours', ['31', '92'], '92'],
    ['of 256 and of 16 million colours', ['38;5;130', '48;2;1;2;3'], '38;5;130;48;2;1;2;3'],
    ['without what was taken back', ['1;2;3;4;7;9;31;44', '22;23;24;27;29;39;49'], ''],
    ['without the bold and the dim of before', ['1;2;31', '22'], '31'],
    ['nothing after a reset', ['1;31', '0'], ''],
    ['nothing after an empty one', ['1;31', ''], ''],
    ['what follows on a reset', ['1;31', '0;4'], '4'],
  ])('is %s', (_, sequences, expected) => {
    expect(look(...sequences)).toBe(expected);
  });

  it('is the same number for the same look', () => {
    expect(applySgr(applySgr(0, '1'), '31')).toBe(applySgr(0, '31;1'));
    expect(applySgrAt(0, 'xx38;2;255;136;0m', 2, 16)).toBe(applySgr(0, '38;2;255;136;0'));
    expect(applySgrAt(0, '1;31m', 0, 4)).toBe(applySgr(0, '1;31'));
    expect(applySgrAt(0, '31;1m', 0, 4)).toBe(applySgr(0, '1;31'));
    expect(applySgrAt(0, '13m', 0, 2)).not.toBe(applySgr(0, '31'));
  });

  it("is made of Ink's properties", () => {
    expect(sgrOf(lookOf(undefined, undefined))).toBe('');
    expect(sgrOf(lookOf('cyan', undefined, true))).toBe('2;36');
    expect(sgrOf(lookOf('#ff8800', 'ansi256(17)'))).toBe('38;2;255;136;0;48;5;17');
    expect(sgrOf(lookOf('rgb(1, 2, 3)', 'redBright'))).toBe('38;2;1;2;3;101');
    expect(sgrOf(lookOf('no colour', 'default'))).toBe('');
  });
});

describe('a cell', () => {
  it('holds any code point and any look, and is never the unknown one', () => {
    const most = cellOf(0x10ffff, 0x7fe);
    expect([textOfCell(most), styleOf(most), most === UNKNOWN]).toEqual(['\u{10ffff}', 0x7fe, false]);
    const red = cellOf(0x65e5, applySgr(0, '31'));
    expect([textOfCell(emptied(red)), sgrOfCell(emptied(red))]).toEqual([' ', '31']);
    expect(emptied(cellOf(0x65e5, 0x7fe))).toBe(cellOf(0x20, 0x7fe));
    expect(BLANK).toBe(cellOf(0x20, 0));
  });
});

describe('a glyph', () => {
  it.each([
    ['a', 1],
    ['é', 1],
    ['─', 1],
    ['▶', 1],
    ['日', 2],
    ['Ａ', 2],
    ['\u0301', 0],
    ['\u00ad', 0],
    ['\x07', 0],
    ['\ud83d', 0],
  ])('%j has %i cells by itself', (character, cells) => {
    expect(unitWidth(character.charCodeAt(0))).toBe(cells);
  });

  it.each([
    ['e\u0301x', { length: 2, width: 1 }, 'e\u0301'],
    ['👨‍👩‍👧x', { length: 8, width: 2 }, '👨‍👩‍👧'],
    ['👍', { length: 2, width: 2 }, '👍'],
    ['\u200bx', { length: 1, width: 0 }, '\u200b'],
    ['\u1100\u1161\u11a8x', { length: 3, width: 2 }, '\u1100\u1161\u11a8'],
  ])('of %j is the whole grapheme', (text, size, expected) => {
    const { glyph, ...found } = graphemeAt(text, 0);
    expect(found).toEqual(size);
    expect(glyphOf(glyph)).toBe(expected);
    expect(graphemeAt(text, 0).glyph).toBe(glyph);
  });

  it('may join the one before it', () => {
    const joins = ['\u0301', '\ufe0f', '\u200d', '\u11a8', '\ud83d'].map((c) => mayJoin(c.charCodeAt(0)));
    expect(joins).toEqual([true, true, true, true, true]);
    expect(['a', '日', '\ufdd0', ''].map((c) => mayJoin(c.charCodeAt(0)))).toEqual([false, false, false, false]);
  });
});

describe('a run', () => {
  it.each([
    ['abc', 'abc'],
    ['日本x', '日_本_x'],
    ['日\ufdd0本', '日_本_'],
    ['e\u0301e', 'e\u0301e'],
    ['日\u0301x', '日\u0301_x'],
    ['👨‍👩‍👧!', '👨‍👩‍👧_!'],
    ['\u1100\u1161\u11a8|가\u11a8|', '\u1100\u1161\u11a8_|가\u11a8_|'],
    ['a\tb', 'a       b'],
    ['a\x1b[2Jb\x1b]0;t\x07c\x1b(Bd\x1bPq\x1b\\e\x1b7', 'abcde'],
    ['a\x07\x9bb', 'ab'],
  ])('of %j is %s', (line, expected) => {
    expect(textOf(read(line))).toBe(expected);
  });

  it('has the looks that its sequences say', () => {
    const run = read('a\x1b[1mb\x1b[31m日\x1b[22mc\x1b[md');
    expect([...run.cells.subarray(0, run.width)].map(sgrOfCell)).toEqual(['', '1', '1;31', '1;31', '31', '']);
  });

  it('is read again when the line is another one, also after it was cut', () => {
    const run = read('0123456789'.repeat(20));
    expect(run.width).toBe(200);
    expect(textOf(run.truncate(3, 'end').read('0123456789'))).toBe('0123456789');
    expect(textOf(run.truncate(3, 'end'))).toBe('01…');
    expect(textOf(run.read('0123456789'))).toBe('0123456789');
  });

  it.each([
    ['end', 4, '012…'],
    ['start', 4, '…789'],
    ['middle', 4, '01…9'],
    ['middle', 5, '01…89'],
    ['end', 1, '…'],
    ['start', 1, '…'],
    ['end', 0, ''],
    ['end', 10, '0123456789'],
  ] as const)('is cut at the %s to %i cells: %s', (where, most, expected) => {
    expect(textOf(read('0123456789').truncate(most, where))).toBe(expected);
  });

  it('is cut beside a wide character without a half of it', () => {
    expect(textOf(read('a日本b').truncate(3, 'end'))).toBe('a …');
    expect(textOf(read('a日本b').truncate(3, 'start'))).toBe('… b');
  });
});

describe('a grid', () => {
  const setUp = () => {
    const grid = new Grid(8, 2);
    const put = (x: number, text: string, clip = grid.area) => grid.write(x, 0, read(text), clip);
    return { grid, put, row: () => grid.line(0) };
  };

  it('has what was written last, cut at its sides', () => {
    const { put, row } = setUp();
    put(-2, 'abcdef');
    put(6, 'xyz');
    put(1, 'D');
    expect(row()).toBe('cDef  xy');
  });

  it('has nothing of what is written outside of it, or of the clip', () => {
    const { grid, put, row } = setUp();
    put(8, 'x');
    put(-3, 'xyz');
    grid.write(0, -1, read('x'), grid.area);
    grid.write(0, 2, read('x'), grid.area);
    put(0, 'x', { left: 0, top: 1, right: 8, bottom: 2 });
    put(0, 'x', { left: 5, top: 0, right: 3, bottom: 2 });
    expect([row(), grid.line(1)]).toEqual([' '.repeat(8), ' '.repeat(8)]);
  });

  it('has no half of a wide character: the other is blank, in its look', () => {
    const { grid, put } = setUp();
    put(0, '\x1b[31m日本日本');
    put(1, 'x');
    put(4, 'y');
    expect(grid.line(0, true)).toBe('\x1b[0;31m \x1b[0mx\x1b[0;31m本\x1b[0my\x1b[0;31m 本\x1b[0m');
  });

  it('cuts wide characters at the clip', () => {
    const { grid, put, row } = setUp();
    put(0, '日本日本', { ...grid.area, left: 1, right: 5 });
    expect(row()).toBe('  本    ');
  });

  it('fills a part, and clips it', () => {
    const { grid, put } = setUp();
    put(0, '日本日本');
    grid.fill({ left: 3, top: -4, right: 40, bottom: 9 }, cellOf(0x2e, 0), { ...grid.area, right: 5 });
    expect([grid.line(0), grid.line(1)]).toEqual(['日 .. 本', '   ..   ']);
    grid.clear();
    expect(grid.line(0)).toBe(' '.repeat(8));
  });
});
