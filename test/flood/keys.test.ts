// A key held down, and more pasted than anybody reads: what comes together is drawn together, and nothing goes on after it.
import { expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';

const KEYS = 4_000;
/** Each picture begins a synchronised update. */
const frames = (terminal: TestTerminal): number => terminal.raw.split('\x1b[?2026h').length - 1;

it('a key that was held down for long is over when it is released', async () => {
  const terminal = new TestTerminal(`${process.execPath} bin/iopftop --scenario stuck`);
  await terminal.until('▶');
  const before = frames(terminal);
  terminal.press('j'.repeat(KEYS / 2) + 'k'.repeat(KEYS / 2));
  terminal.press('?');
  await terminal.until(/Esc|close/i);
  const drawn = frames(terminal) - before;
  expect(drawn).toBeLessThan(KEYS / 20);
  terminal.press('\x03\x03');
  expect([0, 3]).toContain(await terminal.exitCode());
  expect(terminal.restored()).toBe(true);
  tellFigure({
    topic: 'Floods',
    what: 'keys in the terminal’s buffer at once',
    value: `${thousands(KEYS)}, drawn as fewer than ${thousands(KEYS / 20)} pictures`,
    repeat: 'npm test -- test/flood',
  });
});
