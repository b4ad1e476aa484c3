// Terminals that can do less, and environments that say nothing: the program itself runs in all of them.
import { describe, expect, it } from 'vitest';
import { selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

let terminal: TestTerminal;

const PROGRAM = `${process.execPath} bin/iopftop --scenario stuck`;
const sgr = (raw: string): string[] => raw.replaceAll('\x1b[', 'CSI ').match(/CSI [\d;]*m/g) ?? [];
const coloured = (raw: string): boolean => sgr(raw).some((code) => /\b(3\d|4\d|9\d|10\d)\b/.test(code));
const group = (screen: string): number => selectedGroup(screen.replaceAll('\n|>', '\n|▶'));

const CASES: [name: string, prefix: string, ascii: boolean, colour: boolean][] = [
  ['xterm-256color', 'TERM=xterm-256color', false, true],
  ['screen', 'TERM=screen', false, true],
  ['tmux-256color', 'TERM=tmux-256color', false, true],
  ['the Linux console', 'TERM=linux', true, true],
  ['dumb', 'TERM=dumb', true, false],
  ['TERM unset', 'env -u TERM', false, true],
  ['LANG=C', 'LANG=C', true, true],
  ['no locale', 'env -u LANG', true, true],
  ['NO_COLOR', 'NO_COLOR=1', false, false],
];

describe('on a terminal with', () => {
  it.each(CASES)('%s it shows, answers and leaves', async (_, prefix, ascii, colour) => {
    terminal = new TestTerminal(`${prefix} ${PROGRAM}`);
    await terminal.until((screen) => group(screen) > 0);
    const first = group(terminal.text());
    terminal.press('i');
    const screen = await terminal.until(`Done: INVALID ${ascii ? '>' : '→'} group ${first}`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
    expect(/^[\x00-\x7f]*$/.test(screen)).toBe(ascii);
    expect(coloured(terminal.raw)).toBe(colour);
    terminal.press('\x03\x03');
    expect([0, 3]).toContain(await terminal.exitCode());
    expect(terminal.restored()).toBe(true);
  });
});

it('takes keys from the terminal where standard input is something else', async () => {
  terminal = new TestTerminal(`${PROGRAM} </dev/null`);
  await terminal.until((screen) => selectedGroup(screen) > 0);
  const first = selectedGroup(terminal.text());
  terminal.press('s');
  await terminal.until(`Done: SUCCESS → group ${first}`);
  terminal.press('\x03\x03');
  expect([0, 3]).toContain(await terminal.exitCode());
  expect(terminal.restored()).toBe(true);
});
