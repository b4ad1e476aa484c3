import { expect, it } from 'vitest';
import { jsonLine } from '../../src/text/json-line.ts';

it('is one line of ASCII controls and C1 escaped, and reads back as it was', () => {
  const value = { text: 'a\u0000\u001b\u007f\u0085\u009b1m\nü\u202e\u2066' };
  const line = jsonLine(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  expect(line.slice(0, -1)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e\u2066]/);
  expect([line.at(-1), JSON.parse(line)]).toEqual(['\n', value]);
});
