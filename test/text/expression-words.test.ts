// What the parser says is quoted by real expressions: another version of it may say it otherwise.
import { expect, it } from 'vitest';
import { compile, ExpressionError } from '../../src/engine/rules/expression.ts';

const VARIABLES = [
  { name: 'a', type: 'int', meaning: '' },
  { name: 's', type: 'string', meaning: '' },
  { name: 'b', type: 'bool', meaning: '' },
] as const;

function said(source: string): string {
  try {
    compile(source, VARIABLES);
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
  return 'right';
}

it.each([
  [' ', 'it is empty'],
  ['a == 1 &&', 'it ends too early: something has to follow'],
  ['(a == 1', 'it ends too early: a bracket is still open'],
  ['[1', 'it ends too early: a bracket is still open'],
  ['b ? true', 'it ends too early: : has to follow'],
  ['s.', 'it ends too early: a name has to follow'],
  ['s == "x', 'it ends too early: the string has no end'],
  ["s == '''x", 'it ends too early: the string has no end'],
  ['s == "x\n"', 'a string has to end on its line'],
  ['a = 1', '= is no operator: == compares'],
  ['a === 1', '=== is no operator: == compares'],
  ['a !== 1', '!== is no operator: != compares'],
  ['a & 1 == 1', '& is no operator: && joins conditions, and / and % take bits out of a number'],
  ['b | b', '| is no operator: || joins conditions'],
  ['a <> 1', '<> is no operator: != compares'],
  ['a << 1 == 2', '<< is no operator: * multiplies'],
  ['a ** 2 == 4', '** is no operator'],
  ['b and b', '"and" is written &&'],
  ['b or b', '"or" is written ||'],
  ['not b', '"not" is written !'],
  ['a not in [1]', '"not" is written !'],
  ['b # all', '# begins no comment: // does'],
  ['s == “x”', '“ is no quotation mark: " and \' are'],
  ['a == 5ms', '5ms is no number'],
  ['a == 0b11', '0b11 is no number'],
  ['a == 1)', ') closes no bracket'],
  ['a == 1 b', 'no operator before b'],
  ['== 1', '== cannot stand here'],
  ['b && && b', '&& cannot stand here'],
  ['a @ 1', '@ cannot stand here'],
  ['s.1 == 2', 'a name is needed here, not 1'],
  ['b ? true false', ': is needed here, not false'],
  ['if b', 'if is a reserved word'],
  ['a == s', 'types that do not go together: int == string'],
  ['f(a)', 'there is no function f(int)'],
  ['b', 'right'],
])('%j: %s', (source, words) => {
  expect(said(source).split('; it can use')[0]).toBe(words);
});
