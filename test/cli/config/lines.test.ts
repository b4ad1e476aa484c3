// The line of every key, against a text that is made up together with the lines of its keys; and in files of every line ending.
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { type KeyPath, lineOf, linesOf } from '../../../src/cli/config/lines.ts';
import { readConfig } from '../../../src/cli/config/load.ts';

const at = (text: string, ...path: KeyPath) => lineOf(linesOf(text), path);

const SAMPLE = [
  '# [alarms] "',
  "theme = \"dark\" # ''' no string",
  '"m\\u006fuse" = true',
  'a.b."c d" = """',
  '[alarms]',
  'x = """"',
  'list = [ # ]',
  '  [1, 2],',
  '  "[keys]", { p = 1, q = [3,',
  ' 4] } ]',
  '[alarms]',
  'oldest = 5',
  '[[rules]]',
  "when = '''",
  '[[rules]]',
  "'''",
  '[[rules]]',
  'then = "x"',
  '[rules.sub]',
  'y = 1',
  '[filters."a.b"]',
  'when = "w"',
];

describe.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('with %s', (_, end) => {
  const text = SAMPLE.join(end);

  it('the sample is TOML', () => expect(() => parse(text)).not.toThrow());

  it.each<[number, KeyPath]>([
    [2, ['theme']],
    [3, ['mouse']],
    [4, ['a', 'b', 'c d']],
    [4, ['a']],
    [7, ['list']],
    [8, ['list', 0]],
    [9, ['list', 1]],
    [9, ['list', 2, 'q']],
    [10, ['list', 2, 'q', 1]],
    [11, ['alarms']],
    [12, ['alarms', 'oldest']],
    [11, ['alarms', 'other']],
    [13, ['rules', 0]],
    [14, ['rules', 0, 'when']],
    [17, ['rules', 1]],
    [18, ['rules', 1, 'then']],
    [20, ['rules', 1, 'sub', 'y']],
    [22, ['filters', 'a.b', 'when']],
  ])('line %d: %j', (line, path) => expect(at(text, ...path)).toBe(line));

  it('what is not there has none', () => expect(at(text, 'nothing')).toBeNull());
});

const config = [
  'theme = "dark"',
  'mouse = "no" # \u0085 \u2028',
  '[alarms]',
  'bell = false',
  'oldest = "x"',
  '[keys]',
  'nix = "a"',
];

it.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
])('config check says the same lines with %s, which are the lines of an editor', async (_, end) => {
  const { problems } = await readConfig({ file: 'f', text: config.join(end) });
  expect(problems.lines().map((line) => line.split(' ')[0])).toEqual(['f:2:', 'f:5:', 'f:7:']);
});

it('and with both in one file', async () => {
  const text = config.map((line, i) => line + (i % 2 ? '\r\n' : '\n')).join('');
  const { problems } = await readConfig({ file: 'f', text });
  expect(problems.lines().map((line) => line.split(' ')[0])).toEqual(['f:2:', 'f:5:', 'f:7:']);
});

it.each([
  ['a lone CR', 'theme = "dark"\r\nmouse = true\rbell = 1\r\n', 2],
  ['a form feed', 'theme = "dark"\r\n\r\n\fmouse = true\r\n', 3],
  ['NEL', 'theme = "dark"\n\u0085mouse = true\n', 2],
])('%s is no line ending: the file is refused in its line', async (_, text, line) => {
  const { config: read, problems } = await readConfig({ file: 'f', text });
  expect([read, problems.lines()]).toEqual([null, [expect.stringContaining(`f:${line}: column`)]]);
});

it('finds every key of made-up files', () => {
  const key = fc.stringMatching(/^[a-z]{1,3}$/);
  const value = fc.constantFrom(
    '1',
    '"a\\"b # ["',
    "'x'",
    '"""\n[t]\n"""',
    "'''\r\n\r\n'''",
    '[\n1, # "\n[2], "]"]',
    '{ z = [1, 2] }',
  );
  const line = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(key, value).map(([k, v]) => ({ k, text: `${k} = ${v}`, table: false })) },
    { weight: 1, arbitrary: fc.constantFrom('', '# k = "', ' ').map((text) => ({ k: null, text, table: false })) },
    { weight: 1, arbitrary: key.map((k) => ({ k, text: `[t.${k}]`, table: true })) },
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (list, end) => {
      let text = '';
      let table: string[] = [];
      const wanted: [KeyPath, number][] = [];
      const seen = new Set<string>();
      for (const { k, text: piece, table: isTable } of list) {
        const path = k === null ? null : isTable ? ['t', k] : [...table, k];
        const name = JSON.stringify(path);
        if (path !== null && (seen.has(name) || (!isTable && path[0] === 't' && table.length === 0))) continue;
        if (path !== null) {
          seen.add(name);
          wanted.push([path, text.split('\n').length]);
          if (isTable) table = path;
        }
        text += piece + end;
      }
      // `t.x.y = 1` and `[t.x]` may exclude each other: then it is not TOML
      try {
        parse(text);
      } catch {
        return;
      }
      const lines = linesOf(text);
      for (const [path, n] of wanted) expect(lineOf(lines, path)).toBe(n);
    }),
  );
});

it.each(['\\"', '\n', '"x', '# "\n', "''''", '[', 'x = [\n'])('takes a file as large as may be of %j', (piece) => {
  const many = piece.repeat(1_048_576 / piece.length);
  for (const text of [many, `a = """${many}"""\nb = 1\n`, `a = "${many}"`]) linesOf(text);
});

it('ends with whatever text', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[[\]{}"'=.,#\n\ra\\]{0,40}$/), (text) => void linesOf(text)),
    { numRuns: 2_000 },
  );
});
