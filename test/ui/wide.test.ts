// Names of any writing on the screen: what the layout takes for a cell is one on the terminal.
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { keepOnlyAscii } from '../../src/text/visible.ts';
import { Grid } from '../../src/ui/paint/grid.ts';
import { Run } from '../../src/ui/paint/run.ts';
import { Writer } from '../../src/ui/paint/writer.ts';
import { bare, sanitise } from '../../src/ui/text/sanitise.ts';
import { cell, fitColumns, rowLine } from '../../src/ui/text/table.ts';
import { wrap } from '../../src/ui/text/wrap.ts';
import { crookedRows, SIZES, screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

const NAMES = [
  '显卡零',
  '显卡一',
  'e\u0301',
  'é',
  '\u202egpu0',
  'שלום',
  '👩‍👩‍👧',
  '한국어',
  '𠀀𠀁',
  'Ａgpu',
  'гпу0',
  'a\x1b[2Jb',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'grapheme', maxLength: 8 }));
const text = fc.array(name, { maxLength: 5 }).map((parts) => sanitise(parts.join('')));

const COLUMNS = 40;
const ROWS = 4;

interface Segment {
  row: number;
  left: number;
  text: string;
}

/** A terminal that obeys what a writer writes. */
function setUp() {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true });
  let data = '';
  const sink = {
    write(written: string, done: (error: null) => void) {
      data += written;
      done(null);
    },
  };
  const grid = new Grid(COLUMNS, ROWS);
  const writer = new Writer<null>(grid, sink, {
    onError(error) {
      throw error;
    },
  });
  return {
    /** A frame of these; what comes later stands over what comes before. */
    show(...segments: Segment[]) {
      grid.clear();
      for (const { row, left, text: any } of segments) grid.write(left, row, new Run().read(any), grid.area);
      writer.present(null);
    },
    async lines(): Promise<string[]> {
      await new Promise<void>((resolve) => terminal.write(data, resolve));
      data = '';
      return Array.from({ length: ROWS }, (_, row) => terminal.buffer.active.getLine(row)!.translateToString(false));
    },
  };
}

const segment = fc
  .record({ row: fc.nat(ROWS - 1), left: fc.nat(COLUMNS - 2), width: fc.integer({ min: 1, max: COLUMNS }), text })
  .map(({ row, left, width, text: any }): Segment => {
    const room = Math.min(width, COLUMNS - left);
    return { row, left, text: cell(any, room) };
  });

describe('text as cells', () => {
  it('is cut, padded and wrapped to as many as it says', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (any, width) => {
        expect(cell(any, width)).toHaveLength(width);
        expect(cell(any, width, 'right')).toHaveLength(width);
        const lines = wrap(any, width);
        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(bare(lines.join('')).replaceAll(' ', '')).toBe(bare(any).replaceAll(' ', ''));
      }),
    );
  });

  it('is a row of a table as wide as the terminal shows it', async () => {
    const { show, lines } = setUp();
    const columns = ['a', 'b'].map((id) => ({ id, title: id, align: 'left' as const, min: 5, max: 12, priority: 0 }));
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const row = `${rowLine(fitColumns(columns, 30), { a, b })}|`;
        show({ row: 0, left: 0, text: row });
        const [shown] = await lines();
        expect(shown!.trimEnd()).toBe(bare(row));
      }),
    );
  });
});

describe('the writer', () => {
  it('shows after each change what a terminal shows that is written anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(segment, { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
        async (pictures) => {
          const changed = setUp();
          for (const picture of pictures) changed.show(...picture);
          const anew = setUp();
          anew.show(...pictures.at(-1)!);
          expect(await changed.lines()).toEqual(await anew.lines());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves no half of a character where something stands over it', async () => {
    const { show, lines } = setUp();
    show({ row: 0, left: 0, text: sanitise('显卡零一') }, { row: 0, left: 3, text: '||' });
    expect((await lines())[0]!.trimEnd()).toBe('显 || 一');
  });
});

describe.each(SIZES)('the screen at %dx%d', (columns, rows) => {
  it('stays straight whatever devices are called, and shows each as another', async () => {
    for (const page of ['1', '2', '3', '4']) {
      const s = new Session(columns, rows);
      s.engine.names.set(1, '显卡零');
      s.engine.names.set(2, 'e\u0301\u202egpu');
      for (let i = 0; i < 4; i++) s.engine.fault(1 + (i % 2));
      const lines = await screenOf(s.view().press(page).view());
      expect(crookedRows(lines)).toEqual([]);
      expect(lines.join('\n')).toContain('显卡零');
      expect(lines.join('\n')).toContain('e<U+0301>');
    }
  });

  it('has straight dialogs over them', async () => {
    const s = new Session(columns, rows);
    s.engine.names.set(1, '显卡零');
    for (let i = 0; i < 4; i++) s.engine.fault(1);
    const lines = await screenOf(s.view().press('2 home s').view());
    const box = lines.slice(lines.findIndex((line) => line.includes('─ Answer SUCCESS — 显卡零 ─')));
    expect(box.length).toBeGreaterThan(6);
    expect(crookedRows(lines)).toEqual([]);
  });
});

describe.each(SIZES)('the screen without Unicode at %dx%d', (columns, rows) => {
  afterEach(() => keepOnlyAscii(false));

  it('tells names of any writing apart, and has none of their letters', async () => {
    keepOnlyAscii(true);
    for (const page of ['1', '2', '3', '4']) {
      const s = new Session(columns, rows);
      s.engine.names.set(1, '显卡零');
      s.engine.names.set(2, '显卡é');
      for (let i = 0; i < 4; i++) s.engine.fault(1 + (i % 2));
      const lines = await screenOf(s.view().press(page).view(), { LANG: 'C' });
      expect(lines.join('\n')).toMatch(/^[\n -~]*$/);
      expect(lines.slice(4, -2).filter((line) => !/^[+|`].*[+|'`]$/.test(line))).toEqual([]);
      const names = lines.flatMap((line) => line.match(/(?<!\S)<U\+[^ ]*/g) ?? []);
      expect(new Set(names).size).toBeGreaterThan(1);
      expect(names.join(' ')).not.toContain('?');
    }
  });
});
