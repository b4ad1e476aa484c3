// The terminal is as it was, whatever ends the program; and the screen survives what happens to a terminal.
import { describe, expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { selectedGroup } from './look.ts';
import { Reports } from './reports.ts';
import { type Options, TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

async function start(play = 'some', options: Options = {}): Promise<void> {
  terminal = new TestTerminal(`${harness.command} ${play}`, { columns: 100, rows: 30, ...options });
  await terminal.until((screen) => selectedGroup(screen) === 1 || /terminal too small/.test(screen));
}

describe('while it runs', () => {
  it('is on the alternate screen, with the cursor hidden and without mouse capture', async () => {
    await start();
    expect(terminal.alternate).toBe(true);
    expect(terminal.raw.lastIndexOf('\x1b[?25l')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?25h'));
    expect(terminal.raw).not.toContain('\x1b[?1000h');
  });

  it('erases nothing after the first frame', async () => {
    await start('busy');
    terminal.press('jjj?');
    await terminal.until('Acting on');
    expect(terminal.raw.replaceAll('\x1b[', 'CSI ').match(/CSI \d*[JK]/g)).toEqual(['CSI 2J']);
  });
});

describe('the terminal is restored', () => {
  it('after q, with a choice of what becomes of the groups', async () => {
    await start();
    terminal.press('q');
    await terminal.until('(5 now)');
    terminal.press('\x1b[B\x1b[B\r');
    expect(await terminal.exitCode()).toBe(0);
    expect(terminal.text()).toContain('5 groups answered INVALID');
    expect(terminal.restored()).toBe(true);
  });

  it('after Ctrl-C twice, by the exit plan; what stays unanswered is code 3', async () => {
    await start();
    terminal.press('\x03');
    await terminal.until('(5 now)');
    terminal.press('\x03');
    expect(await terminal.exitCode()).toBe(3);
    expect(terminal.text()).toContain('5 groups left to the kernel, which answers INVALID');
    expect(terminal.restored()).toBe(true);
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('after %s, with code %i', async (signal, code) => {
    await start();
    terminal.signal(signal);
    expect(await terminal.exitCode()).toBe(code);
    expect(terminal.restored()).toBe(true);
  });

  it('after a crash, with the error to be read', async () => {
    await start('crash');
    terminal.signal('SIGUSR2');
    expect(await terminal.exitCode()).toBe(1);
    expect(terminal.text()).toContain('the test made it crash');
    expect(terminal.restored()).toBe(true);
  });

  it('while it is suspended, and the screen comes back', async () => {
    const command = `set -m; ${harness.command} some; stty -a | tr ';' ' '; echo STOPPED; read -r _; fg`;
    terminal = new TestTerminal(command, { columns: 100, rows: 40 });
    await terminal.until((screen) => selectedGroup(screen) === 1);
    terminal.press('\x1a');
    await terminal.until((screen) => !terminal.alternate && screen.includes('STOPPED'));
    expect(terminal.restored()).toBe(true);
    terminal.press('\r');
    await terminal.until((screen) => terminal.alternate && selectedGroup(screen) === 1);
    terminal.press('j');
    await terminal.until((screen) => selectedGroup(screen) === 2);
  });

  it('is taken again after SIGSTOP, which nobody can prepare for', async () => {
    const command = `set -m; ${harness.command} some; stty sane; printf '\\rSTOPPED'; read -r _; fg`;
    terminal = new TestTerminal(command, { columns: 100, rows: 40 });
    await terminal.until((screen) => selectedGroup(screen) === 1);
    terminal.signal('SIGSTOP');
    await terminal.until('STOPPED');
    terminal.press('\r');
    await terminal.until((screen) => !screen.includes('STOPPED') && selectedGroup(screen) === 1);
    terminal.press('j');
    await terminal.until((screen) => selectedGroup(screen) === 2);
  });

  it('comes back by itself where nothing can stop it', async () => {
    await start();
    terminal.press('\x1a');
    await terminal.until(() => terminal.raw.split('\x1b[?1049h').length === 3);
    await terminal.until((screen) => terminal.alternate && selectedGroup(screen) === 1);
  });
});

describe('where nobody is left to restore it for', () => {
  it.each(['the terminal vanishes', 'the shell is killed'])(
    'the program ends by its exit plan when %s',
    async (how) => {
      const reports = new Reports();
      await start('busy', { env: reports.env });
      if (how === 'the shell is killed') terminal.killShell();
      else terminal.vanish();
      await reports.ended;
      reports.close();
      expect(reports.lines).toEqual(['code 129']);
    },
  );
});

describe('another size', () => {
  it('is drawn anew, also while a dialog is open', async () => {
    await start();
    terminal.press('r');
    await terminal.until('▶ Cancel');
    terminal.resize(140, 45);
    await terminal.until(
      (screen) => screen.split('\n')[44]?.includes('Esc cancel') === true && screen.includes('▶ Cancel'),
    );
    terminal.press('\x1b');
    await terminal.until((screen) => /q quit/.test(screen.split('\n')[44] ?? ''));
    expect(terminal.lines().every((line) => line.length <= 140)).toBe(true);
  });

  it('may be too small, and large again', async () => {
    await start();
    terminal.resize(20, 5);
    await terminal.until(/terminal too small/);
    terminal.resize(80, 24);
    await terminal.until((screen) => selectedGroup(screen) === 1 && /q quit/.test(screen.split('\n')[23] ?? ''));
  });

  it('starts where it is too small', async () => {
    await start('some', { columns: 20, rows: 5 });
    terminal.press('q');
    terminal.press('\x03\x03');
    await terminal.exitCode();
    expect(terminal.alternate).toBe(false);
  });
});

describe('a target that is gone', () => {
  it('is not answered in place of another', async () => {
    await start();
    terminal.signal('SIGUSR2');
    await terminal.until((screen) => selectedGroup(screen) === 2);
    terminal.press('s');
    await terminal.until(/Group 1 is gone; group 2 is selected now|Done: SUCCESS → group 2/);
    expect(terminal.text()).toMatch(/A 1 /);
  });
});

describe('a poor terminal', () => {
  it('gets ASCII and no colour when it says so', async () => {
    terminal = new TestTerminal(`${harness.command} some`, { env: { LANG: 'C', NO_COLOR: '1' } });
    await terminal.until('> ');
    const screen = await terminal.until('q quit');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
    expect(screen).toMatch(/^[\x00-\x7f]*$/);
    expect(terminal.raw.replaceAll('\x1b[', 'CSI ')).not.toMatch(/CSI [\d;]*\b(3\d|9\d|4\d)m/);
  });
});
