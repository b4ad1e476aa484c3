import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, JsonNumber, parseJson } from '../../src/text/json.ts';
import { decodeUtf8 } from '../../src/text/utf8.ts';

const wrong = (text: string): [number, number, string] => {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return [error.line, error.column, error.message];
    throw error;
  }
  throw new Error(`${text} is not refused`);
};

describe('JSON', () => {
  it.each([
    ['{"a":1,"a":2}', 1, 8, '"/a" appears twice, first at line 1, column 2'],
    ['{"a":1,"a":1}', 1, 8, '"/a" appears twice, first at line 1, column 2'],
    ['{\n "rule": [{"when":"w",\n  "when":"r"}]}', 3, 3, '"/rule/0/when" appears twice, first at line 2, column 12'],
    ['{"code":1,"\\u0063ode":2}', 1, 11, '"/code" appears twice, first at line 1, column 2'],
    ['{"__proto__":1,"__proto__":2}', 1, 16, '"/__proto__" appears twice, first at line 1, column 2'],
    ['[[{"":1,"":2}]]', 1, 9, '"/0/0/" appears twice, first at line 1, column 4'],
    ['{"a/~b":1,"a/~b":2}', 1, 11, '"/a~1~0b" appears twice, first at line 1, column 2'],
  ])('says a thing once: %s', (text, line, column, message) => {
    expect(wrong(text)).toEqual([line, column, message]);
  });

  it.each([
    ['', 1, 1, 'expected a value'],
    ['{"a":1,}', 1, 8, 'expected a key in double quotes'],
    ['{"a" 1}', 1, 6, 'expected a colon'],
    ['[1\n,]', 2, 2, 'expected a value'],
    ['[1 2]', 1, 4, 'expected a comma'],
    ['{} {}', 1, 4, 'expected the end after one value'],
    ['"a', 1, 1, 'unterminated string'],
    ['// x\n1', 1, 1, 'JSON has no comments'],
    ["{'a':1}", 1, 2, 'not a JSON token'],
    ['"\\q"', 1, 1, 'unknown escape sequence'],
    ['NaN', 1, 1, 'not a JSON token'],
  ])('is told where it is none: %j', (text, line, column, message) => {
    expect(wrong(text)).toEqual([line, column, message]);
  });

  it('is nested 64 deep at most, and a million brackets are no more than too many', () => {
    const lists = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(parseJson(lists(64)).value).toEqual(JSON.parse(lists(64)));
    expect(wrong(lists(65))).toEqual([1, 65, 'nested deeper than 64']);
    expect(wrong('['.repeat(1_000_000))[2]).toBe('nested deeper than 64');
    expect(wrong('{"a":'.repeat(1_000_000))[2]).toBe('nested deeper than 64');
  });

  it.each(['9007199254740993', '-9007199254740993', '1e400', '-1e400', '1e300', '4.00000000000000000001', '1e-400'])(
    'does not change a number: %s',
    (text) => {
      const { value } = parseJson(`{"n":${text}}`) as { value: { n: unknown } };
      expect(value.n).toEqual(new JsonNumber(text));
    },
  );

  it.each(['9007199254740991', '-0', '1.0', '1e2', '0.1', '1.5e-7', '100e-2', '0e999'])('is a number: %s', (text) => {
    expect(parseJson(text).value).toBe(JSON.parse(text));
  });

  it('keeps the numbers of members at the top as they are written, where that is asked for', () => {
    const text = '{"id":1.0,"n":1.0,"in":{"id":1.0}}';
    expect(parseJson(text, ['id']).value).toEqual({ id: new JsonNumber('1.0'), n: 1, in: { id: 1 } });
    expect(parseJson('{"id":10}', ['id']).value).toEqual({ id: 10 });
  });

  it.each([
    ['1.0', true],
    ['-0', true],
    ['1e2', true],
    ['1e400', true],
    ['100e-2', true],
    ['9007199254740993', true],
    ['1.5', false],
    ['1e-400', false],
    ['4.00000000000000000001', false],
  ])('knows whole numbers: %s', (text, whole) => {
    expect(new JsonNumber(text).isWhole).toBe(whole);
  });

  it('knows where everything is', () => {
    const text = '{"rule": [{"when": "w"},\n {}]}';
    const { offsets } = parseJson(text);
    expect([...offsets].map(([path, at]) => [path, text.slice(at, at + 3)])).toEqual([
      ['/rule', '"ru'],
      ['/rule/0', '{"w'],
      ['/rule/0/when', '"wh'],
      ['/rule/1', '{}]'],
    ]);
  });

  it('passes over a byte order mark before it, and over none within', () => {
    expect(parseJson('\ufeff{"a":1}').value).toEqual({ a: 1 });
    expect(wrong('\ufeff\ufeff1')).toEqual([1, 1, 'not a JSON token']);
  });

  it('has a key __proto__ as any other', () => {
    const { value } = parseJson('{"__proto__":{"then":"success"}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { then?: unknown }).then).toBeUndefined();
  });

  const plain = (value: unknown): unknown =>
    value instanceof JsonNumber
      ? Number(value.text)
      : Array.isArray(value)
        ? value.map(plain)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, plain(v)]))
          : value;

  it('reads whatever JSON.parse reads, and nothing else', () => {
    const tokens = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '"a"',
            '"b"',
            '1',
            '-0',
            '01',
            '1.',
            '.5',
            '1e5',
            '1e',
            '+1',
            'true',
            'nul',
          ),
          fc.constantFrom(
            ' ',
            '\n',
            '\r',
            '\t',
            '\v',
            '\u00a0',
            '\u2028',
            '\ufeff',
            '"\\u00e9"',
            '"\\ud800"',
            '"\u0001"',
            '"\\x"',
            '/**/',
          ),
          fc.json(),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
        { maxLength: 7 },
      )
      .map((parts) => parts.join(''));
    let good = 0;
    fc.assert(
      fc.property(fc.oneof(fc.json(), tokens), (text) => {
        let oracle: { value: unknown } | null = null;
        try {
          oracle = { value: JSON.parse(text.replace(/^\ufeff/, '')) };
        } catch {
          oracle = null;
        }
        let ours: { value: unknown } | null = null;
        try {
          ours = { value: plain(parseJson(text).value) };
        } catch (error) {
          if (!(error instanceof JsonError)) throw error;
          if (error.message.includes('appears twice')) return;
        }
        expect(ours).toEqual(oracle);
        if (oracle) good++;
      }),
      { numRuns: 5_000, seed: 1 },
    );
    expect(good).toBeGreaterThan(500);
  });
});

describe('UTF-8', () => {
  it('is decoded, without a byte order mark', () => {
    expect(decodeUtf8(Buffer.from('\ufeffé€😀\n'))).toBe('é€😀\n');
  });

  it.each([
    [[0x61, 0xff], 1, 2],
    [[0x61, 0x0a, 0xc3, 0xa9, 0xc3, 0x28], 2, 2],
    [[0xf0, 0x9f, 0x98], 1, 1],
    [[0x0a, 0x61, 0xe2, 0x82], 2, 2],
    [[0xed, 0xa0, 0x80], 1, 1],
    [[0xc0, 0x80], 1, 1],
  ])('is told where it is none: %j', (bytes, line, column) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toEqual({ line, column });
  });
});
