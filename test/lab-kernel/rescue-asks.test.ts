// `iopftop rescue` on a terminal asks first, and does nothing unless the right word is typed.
import { describe, expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { BIN } from '../helpers/bin.ts';
import { type Owner, owners } from './owner.ts';

const { start } = owners();

const hung = (): Promise<Owner> => start('queue', 'fault 0 5', 'read 0 2');

function rescue(owner: Owner, more = ''): TestTerminal {
  // The shell around it must outlive Ctrl-C to tell the exit code.
  const command = `trap : INT; ${process.execPath} ${BIN} rescue --pid ${owner.pid} --scan 1000 ${more}`;
  return new TestTerminal(command, { columns: 100, rows: 60 });
}

/** Nothing was read from it and nothing answered. */
async function isUntouched(owner: Owner): Promise<void> {
  expect(owner.states()).toEqual(['S']);
  expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 2, refused: 0, held: 0 });
  expect(await owner.tell('read 0 0')).toEqual({ read: 3 });
}

describe('on a terminal', () => {
  it('the PID has to be typed', async () => {
    const owner = await hung();
    const terminal = rescue(owner);
    const screen = await terminal.until(`Type ${owner.pid} to rescue the devices of owner:`);
    expect(screen).toMatch(/ITS FAULT QUEUES[\s\S]*WHAT IT DOES[\s\S]*WHAT IT RISKS/);
    terminal.press(`${owner.pid}\r`);
    await terminal.until('EXIT=0');
    expect(terminal.text()).toContain('5 groups answered INVALID; it was stopped and then resumed');
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });

  it('anything else does nothing', async () => {
    const owner = await hung();
    const terminal = rescue(owner);
    await terminal.until('to rescue the devices of');
    terminal.press('y\r');
    await terminal.until('EXIT=1');
    expect(terminal.text()).toContain('iopftop: nothing was done');
    await isUntouched(owner);
  });

  it('Ctrl-C at the question does nothing', async () => {
    const owner = await hung();
    const terminal = rescue(owner);
    await terminal.until('to rescue the devices of');
    terminal.press('\x03');
    await terminal.until('EXIT=130');
    await isUntouched(owner);
  });

  it('SUCCESS has to be typed too', async () => {
    const owner = await hung();
    const terminal = rescue(owner, '--code success');
    await terminal.until('to rescue the devices of');
    terminal.press(`${owner.pid}\r`);
    await terminal.until('Type success:');
    terminal.press('no\r');
    await terminal.until('EXIT=1');
    await isUntouched(owner);
  });
});
