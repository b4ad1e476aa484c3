// The terminal bell, in simulated time: one device of the scenario hangs at a known moment, and stays so.
import { expect, it } from 'vitest';
import { TestTerminal } from './terminal.ts';

let terminal: TestTerminal;

/** How often the bell rings until time stands still, some seconds after the device has hung. */
async function rings(args: string): Promise<number> {
  const command = `${process.execPath} bin/iopftop --scenario stuck --seed 42 --virtual-time --pause-at 6s ${args}`;
  terminal = new TestTerminal(command, { columns: 80, rows: 24 });
  let rung = 0;
  terminal.xterm.onBell(() => rung++);
  await terminal.until((screen) => screen.includes('C nvme0 stuck') && screen.includes('is stopped at'));
  return rung;
}

it('rings once for an alarm, however long it lasts', async () => {
  expect(await rings('--bell')).toBe(1);
});

it('is silent where nobody has asked for it', async () => {
  expect(await rings('')).toBe(0);
});
