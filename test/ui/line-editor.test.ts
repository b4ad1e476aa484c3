import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visible } from '../../src/text/visible.ts';
import { type EditedLine, editLine, lineInSight, lineOf, MAX_LINE } from '../../src/ui/text/line-editor.ts';
import { bare } from '../../src/ui/text/sanitise.ts';

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

/** The line with the cursor as '|'. */
const shown = ({ text, at }: EditedLine): string => `${text.slice(0, at)}|${text.slice(at)}`;

it.each([
  ['left', 'pasid ==| 5'],
  ['ctrl-b', 'pasid ==| 5'],
  ['right', 'pasid == 5|'],
  ['ctrl-f', 'pasid == 5|'],
  ['home', '|pasid == 5'],
  ['ctrl-a', '|pasid == 5'],
  ['ctrl-e', 'pasid == 5|'],
  ['backspace', 'pasid ==|5'],
  ['delete', 'pasid == |'],
  ['ctrl-d', 'pasid == |'],
  ['ctrl-u', '|5'],
  ['ctrl-w', 'pasid |5'],
])('%s', (name, expected) => {
  const line = editLine({ text: 'pasid == 5', at: 9 }, { name, text: '' });
  expect(line && shown(line)).toBe(expected);
});

it.each(['enter', 'esc', 'tab', 'up', 'down', 'ctrl-c', 'alt-s', 'constructor'])('leaves %s to its caller', (name) => {
  expect(editLine(lineOf('a'), { name, text: '' })).toBeNull();
});

const names = ['left', 'right', 'home', 'end', 'backspace', 'delete', 'ctrl-u', 'ctrl-k', 'ctrl-w', 'ctrl-d'];
const keys = fc.oneof(
  fc.constantFrom(...names).map((name) => ({ name, text: '' })),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 2 * MAX_LINE }).map((text) => ({ name: 'paste', text })),
  fc.string({ minLength: 1, maxLength: 1 }).map((text) => ({ name: text, text })),
);

it('keeps the cursor in the line, the line bounded and whole, and what is in sight as wide as its place', () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 40 }), fc.integer({ min: 1, max: 80 }), (presses, width) => {
      let line = lineOf('');
      for (const press of presses) {
        line = editLine(line, press) ?? line;
        expect(line.at).toBeGreaterThanOrEqual(0);
        expect(line.at).toBeLessThanOrEqual(line.text.length);
        expect(line.text.length).toBeLessThanOrEqual(MAX_LINE);
        expect(line.text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(line.text.slice(0, line.at).isWellFormed()).toBe(true);
        const sight = lineInSight(line, width);
        expect(sight.text).toHaveLength(width);
        expect(sight.cursor).toBeGreaterThanOrEqual(0);
        expect(sight.cursor + sight.cursorCells).toBeLessThanOrEqual(width);
        expect(sight.cellOf(line.at)).toBe(sight.cursor);
        expect(sanitiseCells(sight.text)).toBe(true);
      }
    }),
  );
});

/** Nothing in it but what the screen may show. */
const sanitiseCells = (text: string): boolean => {
  const own = bare(text);
  return visible(own).replaceAll('<U+003C>', '<') === own;
};

it('keeps what was typed as it is, and moves by whole characters', () => {
  let line = lineOf('日本😀e\u0301');
  expect(line.text).toBe('日本😀e\u0301');
  expect(bare(lineInSight(line, 30).text).trimEnd()).toBe('日本<U+1F600>e<U+0301>');
  for (const text of ['日本😀e', '日本😀', '日本', '日']) {
    line = editLine(line, { name: 'backspace', text: '' })!;
    expect(line.text).toBe(text);
  }
  line = editLine(line, { name: 'left', text: '' })!;
  expect([line.at, lineInSight(line, 30).cursorCells]).toEqual([0, 2]);
});
