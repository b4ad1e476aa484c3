import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../src/terminal/input.ts';

const keys = (...pieces: string[]) => {
  const decoder = new KeyDecoder();
  return pieces.flatMap((piece) => decoder.push(piece));
};

describe('the mouse', () => {
  it('clicks at a cell, counted from 0', () => {
    expect(keys('\x1b[<0;10;5M')).toEqual([{ name: 'click', text: '', place: { column: 9, row: 4 } }]);
  });

  it('turns its wheel, also with Shift or Ctrl held', () => {
    expect(keys('\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<68;1;1M\x1b[<81;1;1M').map((key) => key.name)).toEqual([
      'wheel-up',
      'wheel-down',
      'wheel-up',
      'wheel-down',
    ]);
  });

  it('says nothing of releases, other buttons and nonsense', () => {
    expect(
      keys('\x1b[<0;10;5m\x1b[<2;10;5M\x1b[<0;0;0M\x1b[<0;1M\x1b[<0;1;99999999M\x1b[<MX').map((k) => k.name),
    ).toEqual(['X']);
  });

  it('is put together from pieces, cut anywhere', () => {
    const bytes = 'a\x1b[<64;120;40Mb';
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(keys(bytes.slice(0, cut), bytes.slice(cut))).toEqual(keys(bytes));
    }
    expect(keys(bytes).map((key) => key.name)).toEqual(['a', 'wheel-up', 'b']);
  });
});
