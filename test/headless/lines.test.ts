import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/headless/input.ts';
import { LINE_LIMIT, LineSplitter } from '../../src/headless/lines.ts';
import { messageText } from '../../src/headless/output.ts';
import type { Command } from '../../src/protocol/messages.ts';

const split = (...chunks: (string | Uint8Array)[]): [string | null, number][] => {
  const lines: [string | null, number][] = [];
  const splitter = new LineSplitter((line, number) => lines.push([line && Buffer.from(line).toString(), number]));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
};

describe('LineSplitter', () => {
  it('joins pieces and numbers lines', () => {
    expect(split('a\nb', 'c\n', '\n', 'd')).toEqual([
      ['a', 1],
      ['bc', 2],
      ['', 3],
      ['d', 4],
    ]);
  });

  it('keeps a character whose bytes come apart', () => {
    const bytes = Buffer.from('é\n');
    expect(split(bytes.subarray(0, 1), bytes.subarray(1))).toEqual([['é', 1]]);
  });

  it('gives up a line that is too long, and that one only', () => {
    const piece = 'x'.repeat(LINE_LIMIT / 2);
    expect(split('a\n', piece, piece, piece, 'x\nb\n', 'x'.repeat(LINE_LIMIT))).toEqual([
      ['a', 1],
      [null, 2],
      ['b', 3],
      ['x'.repeat(LINE_LIMIT), 4],
    ]);
  });
});

describe('readLine', () => {
  it.each([
    [null, /^line 3: longer than 1048576 bytes$/],
    ['{"cmd":', /^line 3: not JSON: /],
    ['nonsense', /^line 3: not JSON: /],
    ['[]', /^line 3: \[\] is not an object$/],
    [`"${'x'.repeat(500)}"`, /^line 3: "x{50,60}\.\.\. is not an object$/],
  ])('%s', (line, message) => {
    expect(readLine(line === null ? null : Buffer.from(line), 3)).toMatchObject({
      wrong: { message: expect.stringMatching(message) },
    });
  });

  const of = (text: string | Uint8Array) => readLine(Buffer.from(text), 3);

  it.each([
    [
      '{"cmd":"respond","group":1,"code":"success","code":"invalid"}',
      'column 45: "/code" appears twice, first at line 1, column 28',
    ],
    [
      '{"cmd":"respond","group":1,"code":"success","\\u0063ode":"invalid"}',
      'column 45: "/code" appears twice, first at line 1, column 28',
    ],
    [
      '{"cmd":"policy","rules":[{"then":"hold","then":"success"}]}',
      'column 41: "/rules/0/then" appears twice, first at line 1, column 27',
    ],
    ['{"cmd":"snapshot",}', 'column 19: expected a key in double quotes'],
    [`{"cmd":${'['.repeat(100_000)}`, 'column 71: nested deeper than 64'],
  ])('a command says a thing once: %s', (text, message) => {
    expect(of(text)).toMatchObject({ wrong: { id: null, message: `line 3: not JSON: ${message}` } });
  });

  it('is UTF-8, or told where it is not', () => {
    const bytes = Buffer.concat([Buffer.from('{"cmd":"snapshot","id":"é'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(of(bytes)).toMatchObject({ wrong: { id: null, message: 'line 3: not UTF-8 from column 26 on' } });
    expect(of('\ufeff{"cmd":"snapshot"}')).toEqual({ command: { cmd: 'snapshot' } });
    expect(of('{"cmd":"snapshot","id":"\\ud800"}')).toEqual({ command: { cmd: 'snapshot', id: '\ud800' } });
  });

  it.each(['9007199254740993', '-9007199254740993', '1.0', '-0', '1e2', '1e400', '123456789012345678901234567890'])(
    'the id %s comes back as it was written, in done and in error',
    (id) => {
      const read = of(`{"cmd":"snapshot","id":${id}}`) as { command: Command };
      expect(read).toEqual({ command: { cmd: 'snapshot', id: { json: id } } });
      // As it crosses to the engine and back.
      const done = { type: 'done', t: 1, id: structuredClone(read.command).id, gone: undefined, cmd: 'snapshot' };
      expect(messageText(done)).toBe(`{"type":"done","t":1,"id":${id},"cmd":"snapshot"}`);
      expect(of(`{"cmd":"snapshoot","id":${id}}`)).toMatchObject({ wrong: { id: { json: id } } });
    },
  );

  it.each([
    ['7', 7],
    ['-7', -7],
    ['"a"', 'a'],
  ])('the id %s is what it is', (id, value) => {
    expect(of(`{"cmd":"snapshot","id":${id}}`)).toEqual({ command: { cmd: 'snapshot', id: value } });
  });

  it.each(['1.5', '1e-400', 'true', 'null', '{}'])('the id %s is none', (id) => {
    const said = { id: null, hint: 'expected id: string or integer' };
    expect(of(`{"cmd":"snapshot","id":${id}}`)).toMatchObject({ wrong: said });
  });

  it('does not take a number for the nearest one that JavaScript has', () => {
    expect(of('{"cmd":"respond","group":9007199254740993,"code":"success"}')).toMatchObject({
      wrong: { message: 'line 3: group is 9007199254740993' },
    });
    expect(of('{"cmd":"respond","group":4.00000000000000000001,"code":"success"}')).toMatchObject({
      wrong: { message: 'line 3: group is 4.00000000000000000001' },
    });
    expect(of('{"cmd":"respond","group":4.0,"code":"success"}')).toMatchObject({ command: { group: 4 } });
  });

  it('lets blank lines pass', () => {
    expect(readLine(Buffer.from(' \r'), 1)).toBeNull();
  });

  it('takes a line that ends in CR LF', () => {
    expect(readLine(Buffer.from('{"cmd":"snapshot"}\r'), 1)).toEqual({ command: { cmd: 'snapshot' } });
  });
});
