import xterm from '@xterm/headless';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import {
  cellsOf,
  firstCells,
  isWide,
  keepOnlyAscii,
  padCellsEnd,
  padCellsStart,
  visible,
} from '../../src/text/visible.ts';
import { EVIL, OBEYED } from '../security/evil.ts';

/** Where the cursor is after the text was written from the first column. */
async function shownWidths(texts: readonly string[]): Promise<number[]> {
  const terminal = new xterm.Terminal({ cols: 400, rows: 4, allowProposedApi: true });
  const widths: number[] = [];
  for (const text of texts) {
    await new Promise<void>((resolve) => terminal.write(`\x1b[H${text}`, resolve));
    widths.push(terminal.buffer.active.cursorX);
  }
  return widths;
}

const unit = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom(
    ...['日', '本', '한', 'e\u0301', '\u202e', 'א', '👩‍👩‍👧', '⚠️', '🇩🇪', 'ﾞ', 'Ａ', 'ａ', 'а', 'α', '<', 'U+0041>'],
  ),
);
const text = fc.array(unit, { maxLength: 12 }).map((parts) => parts.join(''));

describe('a text from outside', () => {
  it.each([
    ['naïve-0', 'naïve-0'],
    ['日本語', '日本語'],
    ['한국', '한국'],
    ['сеть0', 'сеть0'],
    ['e\u0301', 'e<U+0301>'],
    ['é', 'é'],
    ['gp\u0443', 'gp<U+0443>'],
    ['a\u202eb', 'a<U+202E>b'],
    ['שלום', '<U+05E9><U+05DC><U+05D5><U+05DD>'],
    ['⚠️', '<U+26A0><U+FE0F>'],
    ['😀', '<U+1F600>'],
    ['\u1112\u1161', '<U+1112><U+1161>'],
    ['\u212b', '<U+212B>'],
    ['\uf900', '<U+F900>'],
    ['a\x1b[2Jb', 'a<U+001B>[2Jb'],
    ['<U+0301>', '<U+003C>U+0301>'],
    ['a < b', 'a < b'],
    ['\ud800', '<U+D800>'],
  ])('%j is %j', (given, shown) => expect(visible(given)).toBe(shown));

  it('is as wide as terminals and string-width say', async () => {
    const texts = fc.sample(text, { numRuns: 1500, seed: 7 }).map(visible);
    const shown = await shownWidths(texts);
    texts.forEach((one, i) => {
      expect([one, cellsOf(one), stringWidth(one)]).toEqual([one, shown[i], shown[i]]);
    });
  });

  it('has every letter that is kept at the width that a terminal gives it', async () => {
    const kept: string[] = [];
    for (let code = 0x20; code < 0x31400; code++) {
      const c = String.fromCodePoint(code);
      if (visible(c) === c) kept.push(c);
    }
    const wide = kept.filter(isWide);
    const narrow = kept.filter((c) => !isWide(c));
    for (const [all, cells] of [
      [wide, 2],
      [narrow, 1],
    ] as const) {
      for (let i = 0; i < all.length; i += 100) {
        const part = all.slice(i, i + 100);
        expect([part[0], ...(await shownWidths([part.join('')]))]).toEqual([part[0], part.length * cells]);
      }
    }
    expect(wide.length).toBeGreaterThan(80_000);
    expect(narrow.length).toBeGreaterThan(800);
  }, 30_000);

  it('stays another one than any other', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(visible(a) === visible(b)).toBe(a === b);
      }),
      { numRuns: 3000 },
    );
  });

  it('has nothing that a terminal obeys', () => {
    expect(visible(EVIL)).not.toMatch(OBEYED);
    fc.assert(fc.property(text, (any) => !OBEYED.test(visible(any))));
  });

  it('is cut and padded by cells, never through a character', () => {
    fc.assert(
      fc.property(text, fc.nat(40), (any, cells) => {
        const shown = visible(any);
        const cut = firstCells(shown, cells);
        expect(shown.startsWith(cut)).toBe(true);
        expect(cellsOf(cut)).toBeLessThanOrEqual(cells);
        if (cut !== shown) expect(cellsOf(cut)).toBeGreaterThanOrEqual(cells - 1);
        expect(cut).not.toMatch(/[\ud800-\udbff]$/);
        for (const pad of [padCellsEnd, padCellsStart]) expect(cellsOf(pad(cut, cells))).toBe(cells);
      }),
    );
  });
});

describe('a text from outside where there is no Unicode', () => {
  afterEach(() => keepOnlyAscii(false));

  it('is ASCII, and another one than any other', () => {
    keepOnlyAscii(true);
    expect(visible('显卡é<U+0041>')).toBe('<U+663E><U+5361><U+00E9><U+003C>U+0041>');
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(visible(a)).toMatch(/^[ -~]*$/);
        expect(visible(a) === visible(b)).toBe(a === b);
      }),
      { numRuns: 3000 },
    );
  });
});
