import { describe, expect, it } from 'vitest';
import { readLine } from '../../src/headless/input.ts';
import { LINE_LIMIT, LineSplitter } from '../../src/headless/lines.ts';

const split = (...chunks: (string | Uint8Array)[]): [string | null, number][] => {
  const lines: [string | null, number][] = [];
  const splitter = new LineSplitter((line, number) => lines.push([line, number]));
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
    ['[]', /^line 3: \[\] is no object$/],
    [`"${'x'.repeat(500)}"`, /^line 3: "x{50,60}\.\.\. is no object$/],
  ])('%s', (line, message) => {
    expect(readLine(line, 3)).toMatchObject({ wrong: { message: expect.stringMatching(message) } });
  });

  it('lets blank lines pass', () => {
    expect(readLine(' \r', 1)).toBeNull();
  });

  it('takes a line that ends in CR LF', () => {
    expect(readLine('{"cmd":"snapshot"}\r', 1)).toEqual({ command: { cmd: 'snapshot' } });
  });
});
