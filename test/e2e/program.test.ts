// The program itself, on its simulated kernel, in a real terminal.
import { describe, expect, it } from 'vitest';
import { selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

let terminal: TestTerminal;

async function start(args: string): Promise<void> {
  terminal = new TestTerminal(`${process.execPath} bin/iopftop ${args}`, { columns: 120, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
}

describe('iopftop on a device that is stuck', () => {
  it('says MOCK and the scenario, and answers the group that is selected', async () => {
    await start('--scenario stuck --seed 1');
    expect(terminal.lines()[0]).toMatch(/MOCK .*scenario stuck +seed 1/);
    const group = selectedGroup(terminal.text());
    terminal.press('i');
    await terminal.until(`Done: INVALID → group ${group}`);
    await terminal.until(/ I 1 /);
  });

  it('triggers a fault', async () => {
    await start('--scenario stuck --seed 1');
    terminal.press('t');
    await terminal.until('Done: triggered 1 fault');
  });

  it('replaces the HWPT by a new one, and the kernel answers what was pending', async () => {
    await start('--scenario stuck --seed 1');
    terminal.press('r');
    await terminal.until('▶ Cancel');
    terminal.press('\x1b[B');
    await terminal.until('▶ HWPT');
    terminal.press('\x1b[B');
    await terminal.until('▶ new paging');
    terminal.press('\r');
    await terminal.until(/Done: replaced by HWPT \d+; the kernel answered INVALID to \d+ group/);
    await terminal.until(/ A [1-9]/);
  });

  it('asks before it leaves groups behind, and does what was chosen', async () => {
    await start('--scenario stuck --seed 1');
    terminal.press('q');
    await terminal.until('--on-exit hold');
    terminal.press('\x1b');
    await terminal.until((screen) => !screen.includes('--on-exit'));
    terminal.press('q');
    await terminal.until('▶ Cancel');
    terminal.press('\x1b[B\x1b[B');
    await terminal.until('▶ Quit, answer INVALID');
    terminal.press('\r');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toMatch(/iopftop: \d+ groups? answered INVALID/);
    expect(terminal.restored()).toBe(true);
  });

  it('follows the exit plan at SIGTERM', async () => {
    await start('--scenario stuck --seed 1');
    terminal.signal('SIGTERM');
    expect(await terminal.exitCode()).toBe(143);
    expect(terminal.restored()).toBe(true);
  });
});

describe('iopftop that cannot start', () => {
  it('says why, on the terminal as it was', async () => {
    terminal = new TestTerminal(`${process.execPath} bin/iopftop --scenario nosuch`, { columns: 120, rows: 40 });
    expect(await terminal.exitCode()).toBe(2);
    expect(terminal.text()).toContain('nosuch');
    expect(terminal.restored() || !terminal.raw.includes('\x1b[?1049h')).toBe(true);
  });
});
