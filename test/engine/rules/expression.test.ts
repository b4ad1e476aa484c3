import { describe, expect, it } from 'vitest';
import { compile, ExpressionError } from '../../../src/engine/rules/expression.ts';

const VARIABLES = [
  { name: 'n', type: 'int', meaning: '' },
  { name: 'on', type: 'bool', meaning: '' },
  { name: 'word', type: 'string', meaning: '' },
] as const;
const FACTS = { n: 3n, on: true, word: 'nic0' };

const refused = (source: string): ExpressionError => {
  try {
    compile(source, VARIABLES);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${source} is not refused`);
};

describe('an expression', () => {
  it('holds or not, of values with or without getters', () => {
    const { judge } = compile('on && n > 2 && word.startsWith("nic")', VARIABLES);
    expect(judge(FACTS).holds).toBe(true);
    expect(judge({ ...FACTS, n: 2n }).holds).toBe(false);
    class Facts {
      get n(): bigint {
        return 9n;
      }
      readonly on = true;
      readonly word = 'nic';
    }
    expect(judge(new Facts()).holds).toBe(true);
  });

  it('knows what it speaks of, also in macros', () => {
    expect([...compile('word == "on" && [1, 2].exists(x, x == n)', VARIABLES).uses].sort()).toEqual(['n', 'word', 'x']);
    expect([...compile('true', VARIABLES).uses]).toEqual([]);
  });

  it('says where it cannot be evaluated, and why, whatever stands before it', () => {
    expect(compile('10 / (n - 3) > 1', VARIABLES).judge(FACTS)).toEqual({
      holds: false,
      error: 'division by zero (column 1)',
    });
    expect(compile('!(10 / (n - 3) > 1)', VARIABLES).judge(FACTS)).toEqual({
      holds: false,
      error: 'division by zero (column 3)',
    });
  });

  it.each([
    ['[1, 2][n] == 1', /^No such key: index out of bounds, index 3 >= size 2 \(column 1\)$/],
    ['{"a": 1}[word] == 1', /^No such key: nic0/],
    ['{"a": 1}.b == 1', /^No such key: b/],
    ['int(word) == 1', /^int\(\) type error: cannot convert to int/],
    ['double(word) > 1.0', /^double\(\) type error/],
    ['bool(word)', /^bool\(\) conversion error/],
    ['word.substring(n + 10) == ""', /out of range/],
    ['on && n / 0 > 1', /^division by zero/],
    ['[1, 0].all(d, n / d > 0)', /^division by zero \(column/],
  ])('%s cannot be evaluated', (source, error) => {
    const said = compile(source, VARIABLES).judge(FACTS);
    expect(said).toMatchObject({ holds: false });
    expect(said.error).toMatch(error);
    expect(said.error).not.toContain('\n');
  });

  it('is true or false where one side alone decides, as CEL has it', () => {
    expect(compile('n / 0 > 1 || on', VARIABLES).judge(FACTS)).toEqual({ holds: true, error: null });
    expect(compile('n / 0 > 1 && !on', VARIABLES).judge(FACTS)).toEqual({ holds: false, error: null });
  });

  it('quotes no more of a text than fits a line', () => {
    const word = `x\n\u001b[2J${'y'.repeat(999)}`;
    const { error } = compile('{"a": 1}["x" + word] == 1', VARIABLES).judge({ ...FACTS, word });
    expect(error?.length).toBeLessThan(250);
    expect(error).not.toContain('\n');
    expect(error).not.toContain('\u001b');
  });

  it.each([
    ['', 0, /^it is empty$/],
    ['n >', 3, /^it ends too early: something must follow$/],
    ['on && m == 1', 6, /^Unknown variable: m; it can use n, on, word$/],
    ['on &&\nm == 1', 6, /^Unknown variable: m/],
    ['on && n == word', 6, /^types that cannot be combined: int == string/],
    ['n + 1', null, /^it must be a bool, got int$/],
    ['word == "', 8, /./],
  ])('%j is refused in one line, with the place', (source, at, message) => {
    const error = refused(source);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(error.at).toBe(at);
  });

  it('however deep it is nested, is refused rather than fatal', () => {
    expect(refused(`${'('.repeat(5_000)}true${')'.repeat(5_000)}`).message).not.toContain('\n');
    expect(refused(`${'!'.repeat(50_000)}true`).message).not.toContain('\n');
  });

  const eight = (inner: string, name: string): string => `[1, 2, 3, 4, 5, 6, 7, 8].all(${name}, ${inner})`;
  const nested = (depth: number): string => (depth === 0 ? 'on' : eight(nested(depth - 1), `v${depth}`));
  const NAMES = Array.from({ length: 1_000 }, (_, i) => `"nic${i}"`);
  const added = (count: number): string => Array(count).fill('word').join(' + ');

  it.each([
    ['four macros in each other', nested(4)],
    ['a macro over 1,000 names', `[${NAMES}].exists(d, word.startsWith(d))`],
    ['a list of 1,000 names', `word in [${NAMES}]`],
    ['2,000 times and', Array(2_000).fill('on').join(' && ')],
    ['lists in a list', '[[1, 2], [3]].exists(l, n in l)'],
  ])('may take some steps: %s', (_, source) => {
    expect(compile(source, VARIABLES).judge(FACTS).holds).toBe(true);
  });

  it.each([
    ['six macros in each other', nested(6), null, /^it may take 6e5 steps, more than 100000: shorten its lists/],
    [
      'texts that grow',
      `[${added(99)}].all(a, [a + ${added(99)}].all(b, (b + b + b + b).contains(word)))`,
      null,
      /^it may take/,
    ],
    // how deep the stack goes depends on what V8 has compiled
    ['2,500 texts', `word == ${added(2_500)}`, null, /^it (is nested too deep|may take 1e7 steps)/],
    ['map', `on && [1, 2].map(x, x + 1) == [2, 3]`, 6, /^map cannot be used in a condition$/],
    ['cel.bind', `cel.bind(a, [n, n], a + a == [n])`, 0, /^bind cannot/],
    ['split', `word.split('').size() > 2`, 0, /^split cannot/],
    [
      'a list that is not written out',
      `[[1, 2]].all(x, x.all(y, y == n))`,
      16,
      /^the list of all must be written out$/,
    ],
  ])('is refused where it could hold up every answer: %s', (_, source, at, message) => {
    const error = refused(source);
    expect(error.message).toMatch(message);
    expect(error.at).toBe(at);
  });
});
