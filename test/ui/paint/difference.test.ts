// Whatever is painted after whatever: the terminal that obeys the differences shows the grid, character and look.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Shown } from '../../../src/ui/paint/difference.ts';
import { Grid } from '../../../src/ui/paint/grid.ts';
import { Run } from '../../../src/ui/paint/run.ts';
import { bare, sanitise, sanitiseCell } from '../../../src/ui/text/sanitise.ts';
import { VirtualTerminal } from './terminal.ts';

const COLUMNS = 24;
const ROWS = 5;
const RUNS = Number(process.env.RUNS) || 200;

const LOOKS = ['', '0', '1', '2;31', '3;4', '7', '9', '22', '38;5;130', '38;2;255;136;0;48;5;17', '44', '39;49'];
const word = fc.constantFrom(
  'pending',
  'a',
  '  ',
  '│─╭',
  'größe',
  '日本',
  '한국어',
  '𠀀𠀁',
  'Ａgpu',
  '▁▃▇█',
  '12.3 µs',
  'x'.repeat(17),
);
const styled = fc
  .array(fc.tuple(fc.constantFrom(...LOOKS), word), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map(([look, text]) => `\x1b[${look}m${text}`).join(''));

/** Something that changes the grid. */
const stroke = fc.record({
  x: fc.integer({ min: -4, max: COLUMNS }),
  y: fc.nat(ROWS - 1),
  text: styled,
  clip: fc.tuple(fc.nat(COLUMNS), fc.nat(COLUMNS)),
});
type Stroke = typeof stroke extends fc.Arbitrary<infer T> ? T : never;
const frame = fc.record({
  clear: fc.boolean(),
  lost: fc.constantFrom(false, false, true),
  strokes: fc.array(stroke, { maxLength: 6 }),
});

function paint(grid: Grid, { x, y, text, clip }: Stroke): void {
  grid.write(x, y, new Run().read(text), { ...grid.area, left: Math.min(...clip), right: Math.max(...clip) });
}

/** The same grid, painted on a terminal of its own, a row at a time. */
async function painted(grid: Grid): Promise<string[]> {
  const terminal = new VirtualTerminal(COLUMNS, ROWS);
  for (let row = 0; row < ROWS; row++) await terminal.obey(`\x1b[${row + 1};1H${grid.line(row, true)}`);
  const cells = terminal.cells();
  terminal.dispose();
  return cells;
}

it('shows the grid after each difference', async () => {
  const property = fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
    const grid = new Grid(COLUMNS, ROWS);
    const shown = new Shown(grid);
    const terminal = new VirtualTerminal(COLUMNS, ROWS);
    for (const { clear, lost, strokes } of frames) {
      if (clear) grid.clear();
      if (lost) {
        shown.invalidate();
        await terminal.obey('\x1b[2J\x1b[3;3H\x1b[41mlost\x1b[0m');
      }
      for (const each of strokes) paint(grid, each);
      await terminal.obey(shown.difference());
      expect(terminal.cells()).toEqual(await painted(grid));
      expect(shown.difference()).toBe('');
    }
    terminal.dispose();
  });
  await fc.assert(property, { numRuns: RUNS });
});

it('keeps each character in its cells, whatever others have written', async () => {
  const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 8 }));
  const property = fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 4 }), async (texts) => {
    const grid = new Grid(COLUMNS, 1);
    const shown = new Shown(grid, sanitiseCell);
    const terminal = new VirtualTerminal(COLUMNS, 1);
    for (const text of texts) {
      grid.clear();
      grid.write(0, 0, new Run().read(text), grid.area);
      grid.write(COLUMNS - 1, 0, new Run().read('|'), grid.area);
      await terminal.obey(shown.difference());
      const line = terminal.lines()[0]!;
      // A wide character is one of the line's, and takes two cells
      expect(line.at(-1)).toBe('|');
      expect(terminal.cells().at(-1)).toMatch(/^\|\/1\//);
    }
    terminal.dispose();
  });
  await fc.assert(property, { numRuns: RUNS });
});

/** A grapheme may be several characters, each of which becomes a word in ASCII. */
const WIDE = 1_000;

it('shows a name that was made harmless as it is', async () => {
  const property = fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 6 }), async (name) => {
    const text = sanitise(name);
    const grid = new Grid(WIDE, 1);
    grid.write(0, 0, new Run().read(`${text}|`), grid.area);
    const terminal = new VirtualTerminal(WIDE, 1);
    await terminal.obey(new Shown(grid, sanitiseCell).difference());
    // The text has a unit a cell; a filler after each wide character of one unit
    expect(terminal.lines()[0]!.trimEnd()).toBe(`${bare(text)}|`);
    expect(terminal.cells()[text.length]).toMatch(/^\|\/1\//);
    terminal.dispose();
  });
  await fc.assert(property, { numRuns: RUNS });
});
