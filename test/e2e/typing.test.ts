// What is typed, pasted, copied and pointed at, in a real terminal.
import { describe, expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { LARGER, SMALLEST, selectedGroup, THREE_SIZES } from './look.ts';
import { type Options, TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

async function start(config: object = {}, options: Options = {}, play = 'some'): Promise<void> {
  terminal = new TestTerminal(`${harness.command} ${play} '${JSON.stringify(config)}'`, {
    columns: 100,
    rows: 30,
    ...options,
  });
  await terminal.until((screen) => selectedGroup(screen) === 1);
}

const last = (screen: string): string => screen.split('\n').at(-1) ?? '';

const typed = (columns: number, rows: number) => {
  it('a filter holds as it is typed, says what is wrong, and is kept', async () => {
    await start({}, { columns, rows });
    terminal.press('/');
    await terminal.until((screen) => last(screen).startsWith(' Filter pending groups:'));
    terminal.press('pasidd == 5');
    await terminal.until('column 1: Unknown variable: pasidd; did you mean pasid?');
    terminal.press('\x01\x1b[C\x1b[C\x1b[C\x1b[C\x1b[C\x1b[3~');
    await terminal.until((screen) => screen.includes('1 of 5 match') && selectedGroup(screen) === 3);
    terminal.press('\r');
    const kept = await terminal.until((screen) => !screen.includes('of 5 match'));
    expect(kept).toMatch(/Pending groups {2}filter (pasid == 5 — )?1 of 5/);
    terminal.press('\\');
    await terminal.until(
      (screen) => !screen.includes('filter pasid') && screen.includes('The filter on pending groups is cleared'),
    );
  });

  it('the palette is on the screen as a whole, and does what it names', async () => {
    await start({}, { columns, rows });
    terminal.press(':');
    const open = await terminal.until((screen) => /Esc close[^\n]*\n[^\n]*╰─/.test(screen));
    const lines = open.split('\n');
    const top = lines.findIndex((line) => line.includes('Commands: type to find'));
    const left = lines[top]!.indexOf('╭─ Commands');
    const right = lines[top]!.indexOf('╮', left);
    const sides = lines.slice(top + 1).findIndex((line) => line[left] === '╰');
    expect(sides).toBeGreaterThan(8);
    for (const line of lines.slice(top + 1, top + 1 + sides)) expect([line[left], line[right]]).toEqual(['│', '│']);
    terminal.type('inval');
    await terminal.until('> inval ');
    terminal.press('\r');
    await terminal.until('Done: INVALID → group 1');
  });
};
describe.each([SMALLEST])('at %dx%d', typed);
describe.each(LARGER)('at %dx%d', { tags: ['long'] }, typed);

it('prompt and palette keep what was typed through any size', async () => {
  await start();
  terminal.press(':mou');
  await terminal.until('▶ mouse');
  for (const [columns, rows, left] of [
    [120, 40, 2],
    [60, 16, 0],
    [200, 60, 40],
    [100, 30, 2],
  ] as const) {
    terminal.resize(columns, rows);
    await terminal.until((screen) => {
      const lines = screen.split('\n');
      const found = (text: string) => lines.some((line) => line.startsWith(text, left));
      return found('╭─ Commands') && found('│ > mou ') && found('│ ▶ mouse');
    });
  }
  terminal.press('\x1b');
  await terminal.until((screen) => !screen.includes('Commands: type'));
  terminal.press('/group > 3');
  for (const [columns, rows] of THREE_SIZES) {
    terminal.resize(columns, rows);
    await terminal.until((s) => last(s).startsWith(' Filter pending groups: group > 3') && s.includes('2 of 5 match'));
  }
});

it('Esc puts the filter of before back', async () => {
  await start();
  terminal.press('/group > 2\r');
  await terminal.until((screen) => selectedGroup(screen) === 3);
  terminal.press('/ && group > 4');
  await terminal.until((screen) => selectedGroup(screen) === 5);
  terminal.press('\x1b');
  await terminal.until((screen) => screen.includes('filter group > 2 — 3 of 5') && !screen.includes('Filter pending'));
});

it('a paste never acts as keys, and is text where text is typed', async () => {
  await start();
  expect(terminal.xterm.modes.bracketedPasteMode).toBe(true);
  terminal.press('\x1b[200~iiiq\r\x03\x1b[201~');
  terminal.press('/\x1b[200~group ==\n4\x1b[201~');
  await terminal.until((screen) => screen.includes('1 of 5 match') && selectedGroup(screen) === 4);
  expect(terminal.text()).not.toContain('Done');
  terminal.press('\x03\x03');
  await terminal.exitCode();
  expect(terminal.xterm.modes.bracketedPasteMode).toBe(false);
});

it('keys are those of the configuration, in the footer too', async () => {
  await start({ keys: { invalid: ['x'], success: ['ctrl-s'], quit: ['Q'] } });
  expect(last(terminal.text())).toMatch(/^ Ctrl-S success {2}x invalid.*Q quit *$/);
  terminal.type('isqx');
  await terminal.until('Done: INVALID → group 1');
  terminal.press('Q');
  await terminal.until('(4 now)');
});

it('copies by OSC 52', async () => {
  await start();
  terminal.press('y');
  await terminal.until('Copied group 1');
  const encoded = terminal.raw.split('\x1b]52;c;')[1]?.split('\x07')[0] ?? '';
  expect(Buffer.from(encoded, 'base64').toString()).toMatch(/^[\d.]+ m?s\t1\tmock0\t/);
  terminal.type('Yjson');
  await terminal.until('> json ');
  terminal.press('\r');
  await terminal.until('Copied JSON of group 1');
  const json = terminal.raw.split('\x1b]52;c;').at(-1)?.split('\x07')[0] ?? '';
  expect(JSON.parse(Buffer.from(json, 'base64').toString())).toMatchObject({ group: 1, device: 'mock0' });
});

describe('the mouse', () => {
  const MODES = ['\x1b[?1000', '\x1b[?1006'];

  it('is not so much as mentioned without being asked for', async () => {
    await start();
    terminal.press('\x03\x03');
    await terminal.exitCode();
    for (const mode of MODES) expect(terminal.raw).not.toContain(mode);
  });

  it('selects what is clicked when it was asked for, and is the terminal’s again afterwards', async () => {
    await start({ mouse: true });
    await terminal.until(() => terminal.xterm.modes.mouseTrackingMode === 'vt200');
    const row = terminal.lines().findIndex((line) => selectedGroup(line) === 1);
    terminal.press(`\x1b[<0;10;${row + 4}M\x1b[<0;10;${row + 4}m`);
    await terminal.until((screen) => selectedGroup(screen) === 4);
    terminal.press('\x03\x03');
    await terminal.exitCode();
    expect(terminal.xterm.modes.mouseTrackingMode).toBe('none');
  });

  it('is the terminal’s while the program is suspended', async () => {
    await start({ mouse: true });
    terminal.press('\x1a');
    const [off, left, back, on] = ['?1000l', '?1049l', '?1049h', '?1000h'].map((mode) => `\x1b[${mode}`);
    const order = () => {
      const { raw } = terminal;
      const from = raw.indexOf(off!);
      return from >= 0 && raw.indexOf(left!, from) > from && raw.lastIndexOf(on!) > raw.lastIndexOf(back!);
    };
    await terminal.until(() => order() && terminal.xterm.modes.mouseTrackingMode === 'vt200');
  });

  it('goes on and off by its key', async () => {
    await start();
    terminal.press('M');
    await terminal.until((screen) => screen.includes('Mouse on') && terminal.xterm.modes.mouseTrackingMode === 'vt200');
    terminal.press('M');
    await terminal.until((screen) => screen.includes('Mouse off') && terminal.xterm.modes.mouseTrackingMode === 'none');
  });
});

describe('themes', () => {
  const SGR_256 = '38;5;';

  it('change at once, in the colours that the terminal has', async () => {
    await start({}, { env: { COLORTERM: 'truecolor' } });
    expect(terminal.raw).not.toContain(SGR_256);
    terminal.press(':\x1b[200~theme colour-blind\x1b[201~');
    await terminal.until('> theme colour-blind ');
    terminal.press('\r');
    await terminal.until('Theme colour-blind');
    expect(terminal.raw).toContain(SGR_256);
    // the frame as well as the rows
    await terminal.until(() => terminal.raw.includes(`\x1b[0;1;38;5;117m├─ Pending`));
  });

  it('have no colours with NO_COLOR, and say so', async () => {
    await start({ theme: 'light' }, { env: { NO_COLOR: '1' } });
    terminal.press(':\x1b[200~theme dark\x1b[201~');
    await terminal.until('> theme dark ');
    terminal.press('\r');
    await terminal.until('still no colours (NO_COLOR');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence
    expect(terminal.raw).not.toMatch(/\x1b\[([\d;]+;)?(3|4|9|10)\d(;[\d;]+)?m/);
  });
});
