// The screen over the queues of another process: looking, taking over and rescuing, by hand.
import { describe, expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { BIN } from '../helpers/bin.ts';
import { type Owner, owners } from './owner.ts';

const { start } = owners();

/** Two groups read and never answered, three that wait. */
const hung = (): Promise<Owner> => start('queue', 'fault 0 5', 'read 0 2');

async function looking(owner: Owner): Promise<TestTerminal> {
  const terminal = new TestTerminal(`${process.execPath} ${BIN} --pid ${owner.pid}`, { columns: 100, rows: 40 });
  await terminal.until(/WATCHING[\s\S]*readable for [\d.]+ s at (\d+) of \1 polls: the owner is not reading it/);
  return terminal;
}

/** Opens the dialog of `key`, and types the PID into it. */
async function confirm(terminal: TestTerminal, key: string, owner: Owner): Promise<void> {
  terminal.press(key);
  await terminal.until(`Type the PID, ${owner.pid}: _`);
  terminal.type(String(owner.pid));
  await terminal.until(`Type the PID, ${owner.pid}: ${owner.pid}  ok`);
}

describe('the screen over a process that hangs', () => {
  it('looks and steals nothing', async () => {
    const owner = await hung();
    const terminal = await looking(owner);
    terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(await owner.tell('read 0 0')).toEqual({ read: 3 });
    expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 5, refused: 0, held: 0 });
  });

  it('frees its devices to the last group, and says how many there were', async () => {
    const owner = await hung();
    const terminal = await looking(owner);
    await confirm(terminal, 'R', owner);
    terminal.press('\r');
    const report = await terminal.until(/Rescued — PID[\s\S]*Its queues are its own again/);
    expect(report).toContain('INVALID to 3 groups that waited in its queues, and to 2 that it had read and');
    expect(report).toContain(`PID ${owner.pid} was stopped, and then resumed.`);
    terminal.press('\r');
    terminal.press('6');
    await terminal.until(/key +rescued +PID \d+: INVALID to 3 groups/);
    terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(owner.states()).toEqual(['S']);
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });

  it('takes its queues over, and answers what it has read when it leaves', async () => {
    const owner = await hung();
    const terminal = await looking(owner);
    await confirm(terminal, 'O', owner);
    terminal.press('\r');
    await terminal.until(/TAKEN OVER[\s\S]*pending 3[\s\S]*read here as queue 0; 3 groups pending here/);
    terminal.press('q');
    await terminal.until(/answered INVALID: nobody else can[\s\S]*Quit, answer INVALID/);
    terminal.press('\x1b[B');
    await terminal.until('▶ Quit, answer INVALID');
    terminal.press('\r');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('3 groups answered INVALID');
    // its own two are its own still
    expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 2, refused: 0, held: 0 });
  });

  it('does nothing to a process that ends while it is asked about', async () => {
    const owner = await hung();
    const terminal = await looking(owner);
    await confirm(terminal, 'R', owner);
    await owner.end();
    await terminal.until(/OWNER ENDED[\s\S]*has ended meanwhile/);
    terminal.press('\r');
    await terminal.until('Not done');
    terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
  });

  it('lets a process that it has stopped go on when it leaves', async () => {
    const owner = await hung();
    const terminal = await looking(owner);
    terminal.press('Z');
    await terminal.until('Stop — PID');
    terminal.press('\x1b[B');
    await terminal.until(`▶ Stop PID ${owner.pid}`);
    terminal.press('\r');
    await terminal.until(/STOPPED[\s\S]*T stopped by iopftop/);
    expect(owner.states()).toEqual(['T']);
    terminal.press('q');
    expect(await terminal.exitCode()).toBe(0);
    expect(owner.states()).toEqual(['S']);
  });
});
