// Simulated time on the screen: as fast as the clock, or standing still.
import { expect, it } from 'vitest';
import { selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

let terminal: TestTerminal;

function start(args: string): void {
  const command = `${process.execPath} bin/iopftop --scenario stuck --seed 1 --virtual-time ${args}`;
  terminal = new TestTerminal(command, { columns: 120, rows: 40 });
}

it('goes on by itself, and ends by its own clock', async () => {
  start('--duration 1500ms --on-exit invalid');
  await terminal.until(/oldest [1-9]\d\d ms/);
  expect(await terminal.exitCode()).toBe(0);
  expect(terminal.text()).toMatch(/iopftop: \d+ groups? answered INVALID/);
});

it('stands still at the pause, where commands are carried out all the same', async () => {
  start('--pause-at 3s');
  await terminal.until('Simulated time is stopped at 3 s');
  const oldest = /oldest [\d.]+ m?s/.exec(terminal.text())?.[0];
  const group = selectedGroup(terminal.text());
  const pending = Number(/pending (\d+)/.exec(terminal.text())?.[1]);
  terminal.press('t');
  await terminal.until('Done: triggered 1 fault');
  await terminal.until(`pending ${pending + 1} `);
  expect(terminal.text()).not.toContain('is stopped at');
  terminal.press('f');
  await terminal.until('FROZEN 0');
  terminal.press('f');
  await terminal.until((screen) => !screen.includes('FROZEN'));
  expect(terminal.text()).toContain(oldest);
  terminal.press('i');
  await terminal.until(`Done: INVALID → group ${group}`);
  await terminal.until(/ I 1 /);
});

it('comes to the pause at the same faults, whatever the size of the terminal', async () => {
  const numbers: string[] = [];
  for (const rows of [24, 50]) {
    terminal = new TestTerminal(`${process.execPath} bin/iopftop --seed 3 --virtual-time --pause-at 9s`, {
      columns: 120,
      rows,
    });
    await terminal.until('is stopped at');
    numbers.push(terminal.lines()[1] ?? '');
  }
  expect(numbers[0]).toMatch(/pending \d+/);
  expect(numbers[1]).toBe(numbers[0]);
});
