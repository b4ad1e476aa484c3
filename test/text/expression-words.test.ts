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
  ['a == 1 &&', 'it ends too early: something must follow'],
  ['(a == 1', 'it ends too early: a bracket is still open'],
  ['[1', 'it ends too early: a bracket is still open'],
  ['b ? true', 'it ends too early: : must follow'],
  ['s.', 'it ends too early: a name must follow'],
  ['s == "x', 'it ends too early: the string has no end'],
  ["s == '''x", 'it ends too early: the string has no end'],
  ['s == "x\n"', 'a string must end on its line'],
  ['a = 1', '= is not an operator: == compares'],
  ['a === 1', '=== is not an operator: == compares'],
  ['a !== 1', '!== is not an operator: != compares'],
  ['a & 1 == 1', '& is not an operator: && joins conditions, and / and % take bits out of a number'],
  ['b | b', '| is not an operator: || joins conditions'],
  ['a <> 1', '<> is not an operator: != compares'],
  ['a << 1 == 2', '<< is not an operator: * multiplies'],
  ['a ** 2 == 4', '** is not an operator'],
  ['b and b', '"and" is written &&'],
  ['b or b', '"or" is written ||'],
  ['not b', '"not" is written !'],
  ['a not in [1]', '"not" is written !'],
  ['b # all', '# does not start a comment: // does'],
  ['s == “x”', '“ is not a quotation mark: " and \' are'],
  ['a == 5ms', '5ms is not a number'],
  ['a == 0b11', '0b11 is not a number'],
  ['a == 1)', ') has no opening bracket'],
  ['a == 1 b', 'no operator before b'],
  ['== 1', '== cannot stand here'],
  ['b && && b', '&& cannot stand here'],
  ['a @ 1', '@ cannot stand here'],
  ['s.1 == 2', 'expected a name here, not 1'],
  ['b ? true false', 'expected : here, not false'],
  ['if b', 'if is a reserved word'],
  ['a == s', 'types that cannot be combined: int == string'],
  ['f(a)', 'there is no function f(int)'],
  ['b', 'right'],
])('%j: %s', (source, words) => {
  expect(said(source).split('; it can use')[0]).toBe(words);
});
