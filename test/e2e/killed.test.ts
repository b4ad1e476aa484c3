// SIGKILL cannot be handled: what stands beside the screen gives the terminal back.
import { expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

const LEFT = '\x1b[?1049l';

it('gives the terminal back to a shell that does nothing for it', async () => {
  terminal = new TestTerminal(`${harness.command} some`);
  await terminal.until('▶');
  terminal.signal('SIGKILL');
  expect(await terminal.exitCode()).toBe(137);
  expect(terminal.raw.split(LEFT)).toHaveLength(2);
});

it('does nothing where the program has ended by itself', async () => {
  terminal = new TestTerminal(`${harness.command} none; sleep 0.2`);
  await terminal.until('Nothing waits');
  terminal.press('q');
  expect(await terminal.exitCode()).toBe(0);
  expect(terminal.raw.split(LEFT)).toHaveLength(2);
  expect(terminal.restored()).toBe(true);
});
