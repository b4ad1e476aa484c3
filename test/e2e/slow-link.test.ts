// A terminal that takes nothing for a while, and then slowly: an SSH link at its worst.
import { afterEach, expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { selectedGroup } from './look.ts';
import { Reports } from './reports.ts';
import { TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;
let reports: Reports;
afterEach(() => reports.close());

/** More views than any buffer between the program and the test could hold as frames. */
const MANY = 400;
/** What a terminal, a pipe and Node's own buffers hold, and a few frames of 100 by 34. */
const HELD = 160 * 1024;

const newest = (lines: readonly string[]): number => Number(lines.at(-1)?.split(' ')[1] ?? 0);
/** The newest fault of the stream that is on the screen. */
const shown = (screen: string): number =>
  Math.max(0, ...[...screen.matchAll(/^│[ ·] [SP] +\S+ +(\d+) /gm)].map((match) => Number(match[1])));

it('goes on while the terminal takes nothing, and then shows the newest', async () => {
  reports = new Reports();
  terminal = new TestTerminal(`${harness.command} flood`, { columns: 100, rows: 34, env: reports.env });
  await terminal.until((screen) => selectedGroup(screen) === 1 && shown(screen) > 0);

  terminal.pause();
  const [before, bytes] = [reports.lines.length, terminal.raw.length];
  await reports.until((lines) => lines.length > before + MANY);
  // keys arrive and are obeyed though no frame has gone out
  terminal.press('t');
  await reports.until((lines) => lines.at(-1)?.endsWith(' 1') === true);

  const atResume = newest(reports.lines);
  terminal.resume();
  await terminal.until((screen) => shown(screen) >= atResume);
  expect(terminal.raw.length - bytes).toBeLessThan(HELD);
  await terminal.until('Done: triggered 1 fault');
});

it('shows the newest again each time that a slow reader comes round to it', async () => {
  reports = new Reports();
  terminal = new TestTerminal(`${harness.command} flood`, { columns: 100, rows: 34, env: reports.env });
  await terminal.until((screen) => selectedGroup(screen) === 1 && shown(screen) > 0);
  for (let round = 0; round < 5; round++) {
    terminal.pause();
    const before = reports.lines.length;
    await reports.until((lines) => lines.length > before + 40);
    const atResume = newest(reports.lines);
    terminal.resume();
    await terminal.until((screen) => shown(screen) >= atResume);
  }
  terminal.signal('SIGTERM');
  expect(await terminal.exitCode()).toBe(143);
  expect(terminal.restored()).toBe(true);
});
