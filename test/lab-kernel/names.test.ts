// A process whose name and arguments try to move the terminal, and to forge a line: in everything that shows it.
import { expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { BIN, iopftop } from '../helpers/bin.ts';
import { tellFigure } from '../helpers/figures.ts';
import { EVIL, FORGED, OBEYED, withoutOwn } from '../security/evil.ts';
import { owners } from './owner.ts';

/** The kernel keeps 15 bytes of it. */
const { start } = owners('\x1b[2J\n\x9bFORGED');

const COMMANDS: [name: string, args: (pid: string) => string[], input?: string][] = [
  ['rescue, told only', (pid) => ['rescue', '--pid', pid, '--dry-run']],
  ['rescue, told only, for programs', (pid) => ['rescue', '--pid', pid, '--dry-run', '--json']],
  ['a look', (pid) => ['--pid', pid, '--once', '--duration', '100ms']],
  ['a look, for programs', (pid) => ['--pid', pid, '--once', '--json', '--duration', '100ms']],
  ['headless', (pid) => ['--pid', pid, '--headless'], '{"cmd":"take"}\n{"cmd":"quit"}\n'],
  [
    'a journal of that name',
    (pid) => ['--pid', pid, '--headless', '--journal', `/dev/null/${FORGED}\n${EVIL.slice(1)}`],
  ],
  ['devices', () => ['devices']],
  ['doctor', () => ['doctor']],
  ['rescue', (pid) => ['rescue', '--pid', pid, '--yes']],
];

it.each(COMMANDS)('%s', async (_, args, input) => {
  const owner = await start('queue', 'fault 0 3', 'read 0 1');
  const { stdout, stderr } = await iopftop(args(String(owner.pid)), input === undefined ? {} : { input });
  expect(`${stdout}${stderr}`).not.toBe('');
  for (const text of [stdout, stderr]) {
    expect(text.match(OBEYED)?.[0].charCodeAt(0)).toBeUndefined();
    expect(text).not.toMatch(/^\W*FORGED/m);
  }
});

it('the screen', async () => {
  const owner = await start('queue', 'fault 0 3', 'read 0 1');
  const terminal = new TestTerminal(`${process.execPath} ${BIN} --pid ${owner.pid}`, { columns: 100, rows: 40 });
  await terminal.until('WATCHING');
  for (const keys of ['8', 'R', '\x1b', 'O', '\x1b', 'Z']) {
    const before = terminal.raw.length;
    terminal.press(keys);
    await terminal.until(() => terminal.raw.length > before);
  }
  terminal.signal('SIGTERM');
  expect(await terminal.exitCode()).toBe(143);
  expect(withoutOwn(terminal.raw).match(OBEYED)?.[0].charCodeAt(0)).toBeUndefined();
  expect(terminal.raw).toContain('FORGED');
  expect(terminal.raw).not.toMatch(/^FORGED/m);
});

it('is tried in all of these', () => {
  tellFigure({
    topic: 'Security',
    what: 'commands over a process whose name has terminal escapes and a newline',
    value: `${COMMANDS.length}, and the screen; none came out, no line was forged`,
    repeat: 'npm run test:kernel -- test/lab-kernel/names.test.ts',
  });
});
