import { describe, expect, it } from 'vitest';
import { Grid } from '../../../src/ui/paint/grid.ts';
import { Run } from '../../../src/ui/paint/run.ts';
import { Writer } from '../../../src/ui/paint/writer.ts';
import { sanitiseCell } from '../../../src/ui/text/sanitise.ts';
import { body, SlowSink } from './terminal.ts';

function setUp(columns = 10, rows = 3) {
  const sink = new SlowSink();
  const grid = new Grid(columns, rows);
  const errors: string[] = [];
  const writer = new Writer<string>(grid, sink, { onError: (error) => errors.push(error.message), vet: sanitiseCell });
  const put = (row: number, text: string, left = 0) => grid.write(left, row, new Run().read(text), grid.area);
  const frame = (...lines: string[]) => {
    grid.clear();
    for (const [row, line] of lines.entries()) put(row, line);
  };
  return { sink, grid, writer, errors, put, frame };
}

describe('a writer', () => {
  it('writes each frame as one synchronized update', () => {
    const { sink, writer, frame } = setUp();
    frame('+--------+', '|        |', '+--------+');
    writer.present('first');
    expect(sink.data).toEqual(['\x1b[?2026h\x1b[1;1H+--------+\x1b[2;1H|        |\x1b[3;1H+--------+\x1b[?2026l']);
  });

  it('writes only the cells that differ', () => {
    const { sink, writer, frame, put } = setUp();
    frame('+--------+', '|age 1.0 |', '+--------+');
    writer.present('a');
    sink.finish();
    put(1, 'age 1.3', 1);
    writer.present('b');
    expect(body(sink.data[1])).toBe('\x1b[2;8H3');
  });

  it('writes nothing when nothing differs', () => {
    const { sink, writer, frame } = setUp();
    frame('abc');
    writer.present('a');
    sink.finish();
    frame('abc');
    writer.present('b');
    expect(sink.data).toHaveLength(1);
    expect(writer.shownTag).toBe('b');
  });

  it('never erases', () => {
    const { sink, writer, frame } = setUp();
    frame('long line');
    writer.present('a');
    sink.finish();
    frame('x');
    writer.present('b');
    expect(sink.data.join('').replaceAll('\x1b[', 'CSI ')).not.toMatch(/CSI \d*[JKX]/);
    expect(body(sink.data[1])).toBe('\x1b[1;1Hx        ');
  });

  it('has one write in flight; the newest frame wins', () => {
    const { sink, writer, frame } = setUp();
    for (const n of ['1', '2', '3', '4']) {
      frame(n);
      writer.present(n);
    }
    expect(sink.data).toHaveLength(1);
    expect(writer.shownTag).toBe(null);
    sink.finish();
    expect(writer.shownTag).toBe('1');
    expect(sink.data).toHaveLength(2);
    expect(body(sink.data[1])).toBe('\x1b[1;1H4');
    sink.finish();
    expect(writer.shownTag).toBe('4');
    expect(sink.most).toBe(1);
    expect([writer.writes, writer.written]).toEqual([2, sink.data.join('').length]);
  });

  it('keeps colours, and gives each row a plain end', () => {
    const { sink, writer, frame } = setUp(4, 2);
    frame('\x1b[31mred\x1b[0m', '\x1b[1;7mbold');
    writer.present('a');
    expect(body(sink.data[0])).toBe('\x1b[1;1H\x1b[0;31mred\x1b[0m \x1b[2;1H\x1b[0;1;7mbold\x1b[0m');
  });

  it('continues from lines that somebody else has drawn', () => {
    const { sink, writer, frame } = setUp();
    writer.adopt(['starting  ', '\x1b[1m日本\x1b[0m', '          ', 'a row that is not there']);
    frame('starting', '\x1b[1m日本', '!');
    writer.present('a');
    expect(body(sink.data[0])).toBe('\x1b[3;1H!');
  });

  it('does not know the rows below what somebody else has drawn', () => {
    const { sink, writer, frame } = setUp(3, 2);
    writer.adopt(['abc']);
    frame('abc');
    writer.present('a');
    expect(body(sink.data[0])).toBe('\x1b[2;1H   ');
  });

  it('writes everything again after a resize or when the screen was lost', () => {
    const { sink, writer, grid, frame } = setUp();
    frame('abc', 'def');
    writer.present('a');
    sink.finish();
    writer.invalidate();
    writer.present('b');
    sink.finish();
    grid.resize(4, 2);
    frame('abc', 'def');
    writer.present('c');
    sink.finish();
    // As many cells as before, in another shape
    grid.resize(2, 4);
    writer.present('d');
    expect(body(sink.data[1])).toBe(body(sink.data[0]));
    expect(body(sink.data[2])).toBe('\x1b[1;1Habc \x1b[2;1Hdef ');
    expect(body(sink.data[3])).toBe('\x1b[1;1H  \x1b[2;1H  \x1b[3;1H  \x1b[4;1H  ');
  });

  it('writes everything again when the screen was lost while a write is in flight', () => {
    const { sink, writer, frame } = setUp(3, 1);
    frame('abc');
    writer.present('a');
    writer.invalidate();
    writer.present('b');
    sink.finish();
    expect(sink.data).toHaveLength(2);
    expect(sink.data[1]).toBe(sink.data[0]);
  });

  it('tells the terminal what is not shown once, before the next frame, also where nothing differs', () => {
    const { sink, writer, frame } = setUp(3, 1);
    frame('abc');
    writer.tell('\x1b]52;c;aGk=\x07');
    writer.tell('\x07');
    writer.present('a');
    sink.finish();
    writer.tell('\x07');
    writer.present('b');
    expect(sink.data).toEqual(['\x1b]52;c;aGk=\x07\x07\x1b[?2026h\x1b[1;1Habc\x1b[?2026l', '\x07']);
    expect(writer.shownTag).toBe('a');
    sink.finish();
    expect(writer.shownTag).toBe('b');
  });
});

describe('a terminal that takes no more', () => {
  it('is reported, and gets the next frame whole', () => {
    const { sink, writer, errors, frame } = setUp(4, 1);
    frame('abc');
    writer.present('a');
    sink.finish(new Error('EIO'));
    expect(errors).toEqual(['EIO']);
    expect(writer.shownTag).toBe(null);
    frame('abd');
    writer.present('b');
    expect(body(sink.data[1])).toBe('\x1b[1;1Habd ');
  });

  it('is reported when its sink throws, once', () => {
    const errors: unknown[] = [];
    const grid = new Grid(4, 1);
    const writer = new Writer<string>(
      grid,
      {
        write: (_, done) => {
          done(new Error('EIO'));
          throw new Error('and more');
        },
      },
      { onError: (error) => errors.push(error.message) },
    );
    expect(() => writer.present('a')).not.toThrow();
    expect(errors).toEqual(['EIO']);
  });
});

describe('the way out', () => {
  it.each([
    ['a sequence that is no colour', 'a\x1b[2Jb', 'ab'],
    ['one that is cut off', 'a\x1b[', 'a'],
    ['a title, a link', 'a\x1b]0;t\x07\x1b]8;;http://x\x1b\\b', 'ab'],
    ['a control', 'a\x07\x9b\x7f\r\nb', 'ab'],
    ['a character that turns the line around, or has no width', 'a\u202e\u200bb', 'ab'],
    ['a character of two units', 'a\u{e0041}b', '?b'],
    ['a mark, an emoji: terminals disagree about their cells', 'e\u0301👍x', '???\x1b[1;4Hx'],
    ['a noncharacter: its text is nothing but for the program', '日\ufdd0b', '日\x1b[1;3Hb'],
  ])('has nothing that would move the cursor: %s', (_, text, shown) => {
    const { sink, writer, frame } = setUp(8, 1);
    frame(text);
    writer.present('a');
    expect(body(sink.data[0])).toContain(`\x1b[1;1H${shown}`);
    const [before, ...rest] = body(sink.data[0]).split('\x1b[');
    expect(before).toBe('');
    for (const part of rest) expect(part).toMatch(/^1;\dH[a-z?日 ]+$/);
  });

  it('tells the terminal where it is after a character that it may count otherwise', () => {
    const { sink, writer, frame } = setUp(8, 1);
    frame('a日本b日');
    writer.present('a');
    expect(body(sink.data[0])).toBe('\x1b[1;1Ha日\x1b[1;4H本\x1b[1;6Hb日');
  });
});
