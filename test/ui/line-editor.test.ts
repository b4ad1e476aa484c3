import { expect, it } from 'vitest';
import { editLine, lineInSight, lineOf } from '../../src/ui/text/line-editor.ts';

const typed = (keys: string[], text = '') =>
  keys.reduce((line, name) => editLine(line, { name, text: name.length === 1 ? name : '' }) ?? line, lineOf(text));

it.each([
  [['a', 'b', 'left', 'c'], '', 'acb', 2],
  [['home', 'x'], 'abc', 'xabc', 1],
  [['home', 'delete'], 'abc', 'bc', 0],
  [['left', 'left', 'left', 'left', 'backspace'], 'abc', 'abc', 0],
  [['left', 'backspace', 'end'], 'abc', 'ac', 2],
  [['ctrl-w'], 'write && addr ', 'write && ', 9],
  [['left', 'left', 'ctrl-u'], 'abcd', 'cd', 0],
  [['left', 'left', 'ctrl-k'], 'abcd', 'ab', 2],
  [['up', 'enter', 'f5'], 'abc', 'abc', 3],
])('%j on %j gives %j, the cursor at %i', (keys, before, text, at) => {
  expect(typed(keys, before)).toEqual({ text, at });
});

it('takes what is pasted as one line', () => {
  expect(editLine(lineOf('a'), { name: 'paste', text: 'b\r\n\tc' })).toEqual({ text: 'ab c', at: 4 });
});

it('says which keys are not its own', () => {
  expect(editLine(lineOf('a'), { name: 'enter', text: '' })).toBe(null);
});

it.each([
  ['abc', 3, 8, 'abc     ', 3],
  ['abcdefgh', 8, 8, 'bcdefgh ', 7],
  ['abcdefgh', 0, 8, 'abcdefgh', 0],
  ['abcdefghijkl', 2, 4, 'abcd', 2],
])('%j with the cursor at %i shows in %i cells %j', (text, at, width, shown, cursor) => {
  expect(lineInSight({ text, at }, width)).toMatchObject({ text: shown, cursor });
});
