import { expect, it } from 'vitest';
import { oneLine } from '../../src/text/one-line.ts';

it.each([
  ['what is plain stays: é, 漢, 🙂', 'what is plain stays: é, 漢, 🙂'],
  ['two \n  lines', 'two lines'],
  ['\u001b[2J\u009b1m\u0007\r\t', '\ufffd[2J\ufffd1m\ufffd\ufffd\ufffd'],
  // A process may call itself so, and its line would read from right to left.
  ['a\u202eb\u2066c\u200fd\u2028e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
])('%j', (text, shown) => {
  expect(oneLine(text)).toBe(shown);
});
