// Every page in a real terminal at three sizes. Time is simulated and stands still, so that a frame is the same in each
// run, whole: test/e2e/frames has them to be read. `vitest run -u` writes them anew; look at what has changed.
import { describe, expect, it } from 'vitest';
import { THREE_SIZES } from './look.ts';
import { TestTerminal } from './terminal.ts';

/** Rows that a page of one list has on a terminal of `rows`. */
const listRows = (rows: number, most: number): number => Math.min(most, rows - 7);
const count = (screen: string, row: RegExp): number => screen.split('\n').filter((line) => row.test(line)).length;

/** Whether the page is there with all of its data: a list may come with the view after the first. */
type Whole = (screen: string, rows: number) => boolean;
const PAGES: readonly (readonly [key: string, name: string, whole: Whole])[] = [
  ['1', 'overview', (screen) => /─ Pending groups ─[\s\S]*▶/.test(screen)],
  ['2', 'devices', (screen) => /─ Devices ─[\s\S]*▶ nic0 [\s\S]*vdev0/.test(screen)],
  ['3', 'pending', (screen, rows) => count(screen, /^│▶? +[\d.]+ m?s .*P pending/) === listRows(rows, 15)],
  ['4', 'stream', (screen, rows) => count(screen, /^│[ ▶·] [SPIA] +\d/) === listRows(rows, 39)],
  ['5', 'statistics', (screen) => /─ Statistics ─(?=[\s\S]*AT MOST)(?=[\s\S]*Hot pages)/.test(screen)],
  ['6', 'journal', (screen, rows) => count(screen, /^│[ ▶] +[\d.]+ /) === listRows(rows, 19)],
  ['7', 'rules', (screen) => /─ Rules ─[\s\S]*▶ +1 +on/.test(screen)],
];

const COMMAND = [
  `${process.execPath} bin/iopftop --scenario tour --seed 42 --virtual-time --pause-at 13s`,
  '--rules test/e2e/views-rules.toml',
].join(' ');

let terminal: TestTerminal;

const SYNCHRONIZED = 2026;
/** Whether the terminal is between the beginning and the end of a frame. */
let drawing = false;

function start(columns: number, rows: number): void {
  terminal = new TestTerminal(COMMAND, { columns, rows, env: { TZ: 'UTC' } });
  for (const final of ['h', 'l']) {
    terminal.xterm.parser.registerCsiHandler({ prefix: '?', final }, ([mode]) => {
      if (mode === SYNCHRONIZED) drawing = final === 'h';
      return false;
    });
  }
}

/** The screen, when a whole frame shows all of the page. */
const frame = (whole: Whole, rows: number): Promise<string> =>
  terminal.until((screen) => !drawing && whole(screen, rows));

describe('every page', () => {
  it.each(THREE_SIZES)('is as it was at %dx%d', async (columns, rows) => {
    start(columns, rows);
    await terminal.until(/is stopped at/);
    // the first key takes the line away that says so
    terminal.press('9');
    await terminal.until((screen) => !/is stopped at/.test(screen));
    for (const [key, name, whole] of PAGES) {
      terminal.press(key);
      const screen = await frame(whole, rows);
      expect(screen.split('\n').filter((line) => line.length > columns)).toEqual([]);
      await expect(`${screen}\n`).toMatchFileSnapshot(`frames/${name}-${columns}x${rows}.txt`);
    }
  });
});
