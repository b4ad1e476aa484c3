// Every dialog in a real terminal: whole at three sizes, through a resize, and when its target vanishes.
import { describe, expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { bytesOf, focusOf, LARGER, SMALLEST, selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

/** How each is opened: keys, and the panel that has the cursor before the last of them. */
const DIALOGS: [title: string, play: string, page: string, keys: string][] = [
  ['Answer SUCCESS — group 1', 'doubts', '', 's'],
  ['Answer INVALID — 2 marked groups', 'some', '', '  i'],
  ['Answer SUCCESS — mock0', 'some', '2', 's'],
  ['Map and answer SUCCESS — mock0', 'some', '2', 'm'],
  ['Replace the HWPT — mock0', 'some', '2', 'r'],
  ['Attach a PASID — mock0', 'some', '2', 'a'],
  ['Detach — mock0', 'some', '2', 'd'],
  ['New rule', 'some', '7', 'n'],
  ['Rule — first', 'rules', '7', '\r'],
  ['Delete the rule — first', 'rules', '7', 'x'],
  ['Quit', 'some', '', 'q'],
];
const PAGES: Record<string, string> = { '2': 'Devices', '7': 'Rules' };

async function open(play: string, page: string, keys: string, columns: number, rows: number): Promise<void> {
  terminal = new TestTerminal(`${harness.command} ${play}`, { columns, rows });
  await terminal.until((screen) => selectedGroup(screen) === 1);
  if (page) {
    terminal.press(page);
    const panel = PAGES[page]!;
    await terminal.until((s) => s.includes(`─ ${panel} ─`) && (panel !== 'Devices' || focusOf(s) === panel));
  }
  terminal.type(keys);
}

/** The lines of the box with that title: its sides stand under one another. */
function box(screen: string, title: string): string[] {
  const lines = screen.split('\n');
  const top = lines.findIndex((line) => line.includes(`╭─ ${title} ─`));
  const left = lines[top]?.indexOf(`╭─ ${title} ─`) ?? -1;
  const right = lines[top]?.indexOf('╮', left) ?? -1;
  const bottom = lines.findIndex((line, i) => i > top && line[left] === '╰' && line[right] === '╯');
  return top < 0 || bottom < 0 ? [] : lines.slice(top, bottom + 1).map((line) => line.slice(left, right + 1));
}

const isWhole = (title: string) => (screen: string) => {
  const lines = box(screen, title);
  const inner = lines.slice(1, -1);
  return inner.length > 3 && inner.every((line) => line.startsWith('│') && line.endsWith('│')) && cancelIn(lines);
};
const cancelIn = (lines: string[]): boolean => lines.some((line) => line.includes('Cancel'));

describe.each(DIALOGS)('%s', (title, play, page, keys) => {
  const isWholeAt = async (columns: number, rows: number) => {
    await open(play, page, keys, columns, rows);
    const screen = await terminal.until(isWhole(title));
    const long = box(screen, title).slice(1, -1);
    expect(
      long.filter(
        (line) =>
          line.includes('…') && !line.includes('repeats …') && !line.includes('Asking') && !line.includes('Checking'),
      ),
    ).toEqual([]);
    terminal.press('\x1b');
    await terminal.until((s) => !s.includes(`─ ${title} ─`));
  };
  it.each([SMALLEST])('is whole at %dx%d, and Esc closes it', isWholeAt);
  it.each(LARGER)('is whole at %dx%d, and Esc closes it', { tags: ['long'] }, isWholeAt);
});

it('a dialog stays whole through sizes, and small ones, and acts then', async () => {
  await open('some', '', 'r', 120, 40);
  const title = 'Replace the HWPT — mock0';
  await terminal.until(isWhole(title));
  for (const [columns, rows] of [
    [80, 24],
    [60, 16],
    [200, 60],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.until(isWhole(title));
  }
  terminal.resize(40, 10);
  await terminal.until('terminal too small');
  terminal.resize(100, 30);
  await terminal.until(isWhole(title));
  terminal.press(bytesOf('down'));
  await terminal.until('▶ HWPT 6');
  terminal.press('\r');
  await terminal.until('Done: replaced by HWPT 6');
});

it('a group that vanishes while it is asked about is not answered', async () => {
  await open('doubts', '', 's', 100, 30);
  await terminal.until('No memory is known to be mapped');
  terminal.signal('SIGUSR2');
  await terminal.until('Group 1 is no longer pending');
  terminal.press(bytesOf('down'));
  await terminal.until('▶ Map');
  terminal.press('\r');
  await terminal.until('Not done: Group 1 is no longer pending');
});

it('of marked groups those that vanish are left out', async () => {
  await open('some', '', '  i', 100, 30);
  await terminal.until('1 of mock0, 1 of mock1.');
  terminal.signal('SIGUSR2');
  await terminal.until('1 group of them already gone.');
  terminal.press(`${bytesOf('down')}\r`);
  await terminal.until('Done: INVALID → group 2');
});

it('a rule is written, tried, armed, switched off and deleted', async () => {
  await open('trial', '7', 'n', 100, 30);
  await terminal.until('New rule');
  terminal.press('\x1b[200~write\n&& foo\x1b[201~');
  await terminal.until('✗ Unknown variable: foo');
  terminal.press(`\x17\x17`);
  await terminal.until('Valid: matches');
  terminal.press('\t');
  await terminal.until('▶ then');
  terminal.type('i\t2s\t');
  await terminal.until('▶ Cancel');
  terminal.press('\t');
  await terminal.until('▶ Arm the rule');
  await terminal.until('Valid: matches');
  terminal.press('\r');
  await terminal.until(/▶ +1 +on +rule 1 +write +invalid +2\.0 s/);
  terminal.press(' ');
  await terminal.until(/▶ +1 +off +rule 1/);
  terminal.press('x');
  await terminal.until('Delete the rule — rule 1');
  terminal.press(`${bytesOf('down')}\r`);
  await terminal.until('No rule: every group waits for you');
});

it('on a simulated kernel too, a PASID that somebody detaches meanwhile is not touched', async () => {
  const command = `${process.execPath} bin/iopftop --scenario detach-midflight --seed 1`;
  terminal = new TestTerminal(command, { columns: 120, rows: 40 });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  terminal.press('2');
  await terminal.until((s) => s.includes('─ Devices ─') && !s.includes('─ Summary ─'));
  terminal.press('G');
  await terminal.until('▶ └ PASID 2');
  terminal.press('d');
  await terminal.until(isWhole('Detach — gpu0 PASID 2'));
  await terminal.until('gpu0 PASID 2 is now detached');
  terminal.press(bytesOf('down'));
  await terminal.until('▶ Detach');
  terminal.press('\r');
  await terminal.until('Not done: gpu0 PASID 2 is now detached');
});
