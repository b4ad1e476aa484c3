// Signals while the screen shows something else than its first view: a dialog, a line that is typed, the help. The terminal is
// as it was, the journal has its end, and a screen that was stopped comes back where it was. IOPFTOP_CRASHES=all: each
// signal in each of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { selectedGroup } from '../e2e/look.ts';
import { TestTerminal } from '../e2e/terminal.ts';
import { tellFigure } from '../helpers/figures.ts';

const ALL = process.env.IOPFTOP_CRASHES === 'all';
const directory = mkdtempSync(join(tmpdir(), 'iopftop-screen-signals-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The devices' own view. */
const DEVICES = /^(?![\s\S]*─ Summary ─)[\s\S]*─ Devices ─/;
/** What is pressed, a view at a time, and what shows that it is there. */
const SHOWN: [name: string, ...steps: [keys: string, shows: string | RegExp][]][] = [
  ['the answer dialog of a device', ['2', DEVICES], ['s', '─ Answer SUCCESS — dsa0']],
  ['the answer dialog of marked groups', ['*', /\d+ marked,/], ['i', '─ Answer INVALID — ']],
  ['the dialog that maps', ['2', DEVICES], ['m', '─ Map and answer SUCCESS — dsa0']],
  ['the HWPT picker', ['2', DEVICES], ['r', '─ Replace the HWPT — ']],
  ['the attach dialog', ['2', DEVICES], ['a', '─ Attach a PASID — ']],
  ['the detach dialog', ['2', DEVICES], ['d', '─ Detach — ']],
  ['the rule editor', ['7', '─ Rules ─'], ['n', '─ New rule '], ['pasid ==', 'pasid ==']],
  ['the filter line', ['/', 'Filter pending groups:'], ['age > 1', 'age > 1']],
  ['the palette', [':', '─ Commands: '], ['repl', '> repl']],
  ['the copy dialog', ['Y', '─ Copy ─']],
  ['the help', ['?', 'Acting on']],
  ['the detail pane', ['\r', '─ Detail ─']],
  ['a frozen picture', ['f', 'FROZEN']],
  ['the quit dialog', ['q', '─ Quit ─']],
];
const ENDS = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130, SIGKILL: 137 } as const;
const SIGNALS = ['SIGTERM', 'SIGTSTP', 'SIGHUP', 'SIGSTOP', 'SIGINT', 'SIGKILL'] as const;
/** In the short form one that ends it and one that stops it, another pair in each. */
const CASES = SHOWN.flatMap(([name, ...steps], at) =>
  SIGNALS.filter((_, which) => ALL || which === at % 6 || which === ((at % 6) ^ 1)).map(
    (signal) => [signal, name, steps] as const,
  ),
);

it.each(CASES)('%s while %s is shown', async (signal, name, steps) => {
  const journal = join(directory, `${signal}-${name.replaceAll(' ', '-')}`);
  const command = `${process.execPath} bin/iopftop --scenario pasid-storm --journal ${journal}`;
  const terminal = new TestTerminal(command, { columns: 100, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  for (const [keys, shows] of steps) {
    terminal.press(keys);
    await terminal.until(shows);
  }
  const [, shown = ''] = steps.at(-1) as [string, string];
  terminal.signal(signal);
  if (signal === 'SIGTSTP' || signal === 'SIGSTOP') {
    if (signal === 'SIGTSTP') await terminal.until(() => !terminal.alternate);
    terminal.signal('SIGCONT');
    await terminal.until((screen) => terminal.alternate && screen.includes(shown));
    terminal.signal('SIGTERM');
  }
  expect(await terminal.exitCode()).toBe(signal in ENDS ? ENDS[signal as keyof typeof ENDS] : ENDS.SIGTERM);
  expect(terminal.raw).not.toMatch(/^ {4}at /m);
  const text = readFileSync(journal, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const entries = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  if (signal === 'SIGKILL') {
    expect(entries.at(-1)).not.toMatchObject({ action: 'end' });
    return;
  }
  expect(terminal.restored()).toBe(true);
  expect(entries.at(-1)).toMatchObject({ action: 'end', signal: signal in ENDS ? signal : 'SIGTERM' });
  expect(entries.filter(({ action, cause }) => action === 'answer' && cause === 'key')).toEqual([]);
  expect(terminal.text()).toMatch(/groups? left to the kernel, which answers INVALID|groups? answered/);
});

it('is tried in all of these', () => {
  tellFigure({
    topic: 'Crashes and signals',
    what: 'signals while the screen showed a dialog, a line that was typed, the help',
    value: `${CASES.length}, in ${SHOWN.length} places: the terminal was given back or came back, no answer was given`,
    repeat: 'npm test -- test/crashes/screen-signals',
  });
});
