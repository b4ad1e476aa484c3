import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/terminal/sink.ts';
import { Compositor, type Segment } from '../../src/ui/app/compositor/compositor.ts';

/** A sink whose writes end when the test says so. */
class SlowSink implements Sink {
  readonly data: string[] = [];
  most = 0;
  private readonly open: ((error: Error | null) => void)[] = [];

  write(data: string, done: (error: Error | null) => void): void {
    this.data.push(data);
    this.open.push(done);
    this.most = Math.max(this.most, this.open.length);
  }

  finish(error: Error | null = null): void {
    this.open.shift()?.(error);
  }

  close(): void {}
}

const live = (row: number, text: string, left = 1): Segment => ({ row, left, width: text.length, text });
const body = (data: string | undefined) => (data ?? '').replace('\x1b[?2026h', '').replace('\x1b[?2026l', '');

function setUp(columns = 10, rows = 3) {
  const sink = new SlowSink();
  const compositor = new Compositor<string>(sink, columns, rows);
  return { sink, compositor };
}

describe('compositor', () => {
  it('writes each frame as one synchronized update', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['+--------+', '|        |', '+--------+']);
    compositor.present('first');
    expect(sink.data).toHaveLength(1);
    expect(sink.data[0]?.startsWith('\x1b[?2026h') && sink.data[0].endsWith('\x1b[?2026l')).toBe(true);
    expect(body(sink.data[0])).toContain('\x1b[2;1H|        |');
  });

  it('writes only the cells that differ', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['+--------+', '|        |', '+--------+']);
    compositor.setRows([live(1, 'age 1.0')], null);
    compositor.present('a');
    sink.finish();
    compositor.setRows([live(1, 'age 1.3')], null);
    compositor.present('b');
    expect(body(sink.data[1])).toBe('\x1b[2;8H3');
  });

  it('writes nothing when nothing differs', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['abc']);
    compositor.present('a');
    sink.finish();
    compositor.setRows([], null);
    compositor.present('b');
    expect(sink.data).toHaveLength(1);
    expect(compositor.shownTag).toBe('b');
  });

  it('never erases', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['long line', '', '']);
    compositor.present('a');
    sink.finish();
    compositor.setFrame(['x', '', '']);
    compositor.present('b');
    expect(sink.data.join('').replaceAll('\x1b[', 'CSI ')).not.toMatch(/CSI \d*[JKX]/);
    expect(body(sink.data[1])).toContain('x        ');
  });

  it('has one write in flight; the newest frame wins', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['', '', '']);
    for (const n of ['1', '2', '3', '4']) {
      compositor.setRows([live(0, n)], null);
      compositor.present(n);
    }
    expect(sink.data).toHaveLength(1);
    expect(compositor.shownTag).toBe(null);
    sink.finish();
    expect(compositor.shownTag).toBe('1');
    expect(sink.data).toHaveLength(2);
    expect(body(sink.data[1])).toBe('\x1b[1;2H4');
    sink.finish();
    expect(compositor.shownTag).toBe('4');
    expect(sink.most).toBe(1);
  });

  it('keeps colours, and gives each write a plain end', () => {
    const { sink, compositor } = setUp();
    compositor.setRows([{ row: 0, left: 0, width: 3, text: '\x1b[31mred\x1b[0m' }], null);
    compositor.present('a');
    expect(body(sink.data[0])).toContain('\x1b[0;31mred\x1b[0m');
  });

  it('paints no live row where a dialog of the frame stands', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['', '   [dlg]  ', '']);
    compositor.setRows([live(1, 'ABCDEFGHIJ', 0)], { left: 3, top: 1, width: 5, height: 1 });
    compositor.present('a');
    expect(body(sink.data[0])).toContain('ABC[dlg]IJ');
  });

  it('goes on from lines that somebody else has drawn', () => {
    const { sink, compositor } = setUp();
    compositor.adopt(['starting  ', '          ', '          ']);
    compositor.setFrame(['starting', '', '!']);
    compositor.present('a');
    expect(body(sink.data[0])).toBe('\x1b[3;1H!');
  });

  it('writes everything again after a resize or when the screen was lost', () => {
    const { sink, compositor } = setUp();
    compositor.setFrame(['abc', 'def', '']);
    compositor.present('a');
    sink.finish();
    compositor.invalidate();
    compositor.present('b');
    sink.finish();
    compositor.resize(4, 2);
    compositor.present('c');
    expect(body(sink.data[1])).toBe(body(sink.data[0]));
    expect(body(sink.data[2])).toBe('\x1b[1;1Habc \x1b[2;1Hdef ');
  });

  it('reports a terminal that takes no more', () => {
    const sink = new SlowSink();
    const errors: string[] = [];
    const compositor = new Compositor(sink, 4, 1, (error) => errors.push(error.message));
    compositor.setFrame(['abc']);
    compositor.present('a');
    sink.finish(new Error('EIO'));
    expect(errors).toEqual(['EIO']);
  });

  it.each([
    ['a sequence that is no colour', 'a\x1b[2Jb', 'a?[2Jb'],
    ['a control', 'a\x07\x9b\x7fb', 'a???b'],
    ['a character that turns the line around, or has no width', 'a\u202e\u200bb', 'a??b'],
    ['a character of two units', 'a\u{e0041}b', 'a?b'],
  ])('writes nothing that would move the cursor: %s', (_, text, shown) => {
    const { sink, compositor } = setUp();
    compositor.setRows([live(0, text)], null);
    compositor.present('a');
    expect(body(sink.data[0])).toContain(shown);
  });
});
