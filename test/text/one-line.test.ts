import { expect, it } from 'vitest';
import { joinLines, oneLine } from '../../src/text/one-line.ts';

it.each([
  ['what is plain stays: é, 漢', 'what is plain stays: é, 漢'],
  ['🙂 e\u0301 שלום', '<U+1F642> e<U+0301> <U+05E9><U+05DC><U+05D5><U+05DD>'],
  ['two \n  lines', 'two lines'],
  ['\u001b[2J\u009b1m\u0007\r\t', '<U+001B>[2J<U+009B>1m<U+0007><U+000D><U+0009>'],
  // A process may call itself so, and its line would read from right to left.
  ['a\u202eb\u2066c\u200fd\u2028e', 'a<U+202E>b<U+2066>c<U+200F>d<U+2028>e'],
])('%j', (text, shown) => {
  expect(oneLine(text)).toBe(shown);
});

it('leaves all but the newlines where it is no output yet', () => {
  expect(joinLines('a\u001b[2J\n  b\tc')).toBe('a\u001b[2J b\tc');
});
