import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../src/terminal/input.ts';
import { MAX_PASTE } from '../../src/terminal/paste.ts';

const keys = (...pieces: string[]) => {
  const decoder = new KeyDecoder();
  return pieces.flatMap((piece) => decoder.push(piece));
};

const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

describe('a paste', () => {
  it('is one key, whatever is in it', () => {
    expect(keys(`a${paste('sq\x1b[A5')}b`)).toEqual([
      { name: 'a', text: 'a' },
      { name: 'paste', text: 'sq [A5' },
      { name: 'b', text: 'b' },
    ]);
  });

  it('has blanks for line ends and control characters', () => {
    expect(keys(paste('a\r\nb\nc\td\x00e\x9bf'))).toEqual([{ name: 'paste', text: 'a b c d e f' }]);
  });

  it('may be empty', () => {
    expect(keys(paste(''), 'x').map((key) => key.name)).toEqual(['paste', 'x']);
  });

  it('is cut, and says by how much', () => {
    expect(keys(paste('x'.repeat(1_000_000)))).toEqual([
      { name: 'paste', text: 'x'.repeat(MAX_PASTE), cut: 1_000_000 - MAX_PASTE },
    ]);
  });

  it('is not taken for the Esc key while its end is on the way', () => {
    const decoder = new KeyDecoder();
    decoder.push('\x1b[200~s\x1b');
    expect(decoder.waiting).toBe(false);
    expect(decoder.flush()).toEqual([]);
    expect(decoder.push('[201~q').map((key) => key.name)).toEqual(['paste', 'q']);
  });

  it('that never ends is ended by Ctrl-C', () => {
    expect(keys('\x1b[200~abc', '\x03').map((key) => key.name)).toEqual(['paste', 'ctrl-c']);
  });

  it('is the same in whatever pieces it comes', () => {
    const text = fc.string({ unit: fc.constantFrom('s', 'q', '\x1b', '[', '2', '0', '~', '\r'), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (inside, cuts) => {
        fc.pre(!inside.includes('\x1b[201~'));
        const bytes = `j${paste(inside)}k`;
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const pieces = places.slice(1).map((to, i) => bytes.slice(places[i], to));
        expect(keys(...pieces)).toEqual(keys(bytes));
        expect(keys(bytes)).toHaveLength(3);
      }),
    );
  });
});
