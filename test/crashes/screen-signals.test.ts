// Signals while the screen shows something else than its first view: a dialog, a line that is typed, the help. The terminal is
// as it was, the journal has its end, and a screen that was stopped comes back where it was. IOPFTOP_CRASHES=all: each
// signal in each of them.
// @module-tag long
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { selectedGroup } from '../e2e/look.ts';
import { OVERLAYS } from '../e2e/places.ts';
import { TestTerminal } from '../e2e/terminal.ts';
import { tellFigure } from '../helpers/figures.ts';
import { journalEntries } from '../helpers/journal.ts';

const ALL = process.env.IOPFTOP_CRASHES === 'all';
const directory = mkdtempSync(join(tmpdir(), 'iopftop-screen-signals-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SIGNALS = ['SIGTERM', 'SIGTSTP', 'SIGHUP', 'SIGSTOP', 'SIGINT', 'SIGKILL'] as const;
const STOPS: readonly string[] = ['SIGTSTP', 'SIGSTOP'];
/** In the short form one that ends it and one that stops it, another pair in each. */
const CASES = OVERLAYS.flatMap(([name, ...steps], at) =>
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
  const [, shown] = steps.at(-1) as (typeof steps)[number];
  /** What ends it. */
  const last = STOPS.includes(signal) ? 'SIGTERM' : signal;
  terminal.signal(signal);
  if (STOPS.includes(signal)) {
    if (signal === 'SIGTSTP') await terminal.until(() => !terminal.alternate);
    terminal.signal('SIGCONT');
    await terminal.until(shown);
    expect(terminal.alternate).toBe(true);
    terminal.signal(last);
  }
  expect(await terminal.exitCode()).toBe(128 + constants.signals[last]);
  expect(terminal.raw).not.toMatch(/^ {4}at /m);
  expect(readFileSync(journal, 'utf8').endsWith('\n')).toBe(true);
  const entries = journalEntries(journal);
  if (signal === 'SIGKILL') {
    expect(entries.at(-1)).not.toMatchObject({ action: 'end' });
    return;
  }
  expect(terminal.restored()).toBe(true);
  expect(entries.at(-1)).toMatchObject({ action: 'end', signal: last });
  expect(entries.filter(({ action, cause }) => action === 'answer' && cause === 'key')).toEqual([]);
  expect(terminal.text()).toMatch(/groups? left to the kernel, which answers INVALID|groups? answered/);
});

it('is tried in all of these', () => {
  tellFigure({
    topic: 'Crashes and signals',
    what: 'signals while the screen showed a dialog, a line that was typed, the help',
    value: `${CASES.length}, in ${OVERLAYS.length} places: the terminal was restored, no answer was given`,
    repeat: 'npm test -- test/crashes/screen-signals',
  });
});
