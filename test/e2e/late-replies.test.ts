// A terminal that answers late, in a real terminal: nothing comes of it. And what is typed before there is anything to act on.
import { describe, expect, it } from 'vitest';
import { REPLIES } from '../terminal/replies.ts';
import { bundledHarness } from './bundle.ts';
import { selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

async function start(play = 'some'): Promise<void> {
  terminal = new TestTerminal(`${harness.command} ${play}`, { columns: 100, rows: 30 });
  await terminal.until((screen) => selectedGroup(screen) === 1);
}

const wanted = /version|graphics|foreground|DECRPM|X10|clipboard|alternates|window title|modifiers/;
const SAMPLE = REPLIES.filter(({ what, text }) => wanted.test(what) && !/[\x80-\xff]/.test(text));

describe('what a terminal answers late', () => {
  it('does nothing, whole or in pieces', async () => {
    await start();
    for (const { text } of SAMPLE) {
      terminal.press(text);
      const cut = 2 + Math.floor(text.length / 3);
      terminal.press(text.slice(0, cut));
      terminal.press(text.slice(cut));
    }
    // the first of what comes after it all
    terminal.press('j');
    const screen = await terminal.until((shown) => selectedGroup(shown) === 2);
    expect(screen).not.toMatch(/Done|Not done|╭─ (Replace|Commands|Help|Answer)|marked/);
    expect(screen).toMatch(/pending 5|Pending 5|of 5|5 pending/);
    terminal.press('i');
    await terminal.until('Done: INVALID → group 2');
  });

  it('a paste whose markers come in pieces is one', async () => {
    await start();
    for (const piece of ['\x1b[200', '~3is text', '\x1b[2', '01~']) terminal.press(piece);
    terminal.press('j');
    const screen = await terminal.until((shown) => selectedGroup(shown) === 2);
    expect(screen).not.toMatch(/Done|Not done/);
  });

  it('a paste without markers is refused, in words', async () => {
    await start();
    terminal.press('sis text');
    await terminal.until('Not done: s came in a burst');
    expect(terminal.text()).not.toContain('Done:');
  });
});

describe('what is typed before there is anything to act on', () => {
  it('is not acted on', async () => {
    terminal = new TestTerminal(`stty -a >/dev/null; echo READY; sleep 1; ${harness.command} some`, {
      columns: 100,
      rows: 30,
    });
    await terminal.until('READY');
    terminal.press('isq3\x1b]11;rgb:1e1e\x1b\\');
    await terminal.until('isq3');
    await terminal.until((shown) => selectedGroup(shown) === 1);
    terminal.press('j');
    const screen = await terminal.until((shown) => selectedGroup(shown) === 2);
    expect(screen).not.toMatch(/Done|Not done|isq|rgb|╭─ Quit/);
  });

  it('but Ctrl-C ends the program, as its signal does', async () => {
    terminal = new TestTerminal(`${harness.command} some`, { columns: 100, rows: 30 });
    await terminal.until('starting…');
    terminal.press('\x03');
    terminal.press('\x03');
    await terminal.exitCode();
    expect(terminal.restored()).toBe(true);
  });

  it('between fg and raw mode is thrown away', async () => {
    const command = `set -m; ${harness.command} some; printf STOPPED; read -r _; fg`;
    terminal = new TestTerminal(command, { columns: 100, rows: 40 });
    await terminal.until((screen) => selectedGroup(screen) === 1);
    terminal.press('\x1a');
    await terminal.until((screen) => !terminal.alternate && screen.includes('STOPPED'));
    terminal.press('\ri');
    await terminal.until((screen) => terminal.alternate && selectedGroup(screen) === 1);
    terminal.press('j');
    await terminal.until((screen) => selectedGroup(screen) === 2);
    expect(terminal.text()).not.toContain('Done:');
  });
});
