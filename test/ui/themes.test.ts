import { describe, expect, it } from 'vitest';
import type { Style } from '../../src/ui/text/style.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { THEME_NAMES } from '../../src/ui/text/theme-names.ts';
import { type Depth, TABLES } from '../../src/ui/text/themes.ts';
import { BLINDNESS, coloursOf, contrast, difference, PALETTES, type Rgb } from './colours.ts';

const DEPTHS: Depth[] = [16, 256];
const NAMES = THEME_NAMES.filter((name) => name !== 'auto');
const STYLES = Object.keys(TABLES.dark[16]) as Style[];
const rows = NAMES.flatMap((name) => DEPTHS.map((depth) => ({ name, depth, table: TABLES[name][depth] })));
/** What is told with these must be told apart. */
const STATES: Style[] = ['good', 'warn', 'bad', 'auto'];
/** Said to be less important: a little less contrast is what they are for. */
const QUIET: Style[] = ['dim', 'heading'];

describe.each(rows)('$name in $depth colours', ({ name, depth, table }) => {
  it('has a look for every style, of parameters that a terminal knows', () => {
    expect(Object.keys(table).sort()).toEqual([...STYLES].sort());
    for (const sgr of Object.values(table)) expect(sgr).toMatch(/^(\d{1,3}(;\d{1,3})*)?$/);
    if (depth === 16) for (const sgr of Object.values(table)) expect(sgr).not.toMatch(/[34]8;/);
  });

  it('shows cursor, tab and alarm, also without colours', () => {
    for (const style of ['cursor', 'tab'] as const) expect(table[style]).toMatch(/(^|;)7($|;)/);
    expect(coloursOf(table.alarm, PALETTES.xterm!).back ?? table.alarm).toBeTruthy();
  });

  it('can be read', () => {
    const background: Rgb = name === 'light' ? [255, 255, 255] : [0, 0, 0];
    for (const [terminal, sixteen] of Object.entries(PALETTES)) {
      for (const style of STYLES) {
        const { fore, back, inverse } = coloursOf(table[style], sixteen);
        if (!fore && !back) continue;
        const pair: [Rgb, Rgb] = [fore ?? background, back ?? background];
        const least = QUIET.includes(style) ? 2.5 : 3;
        const ratio = contrast(...pair);
        const what = `${style} (${table[style]}${inverse ? ', inverse' : ''}) on ${terminal}`;
        expect(ratio, what).toBeGreaterThanOrEqual(least);
      }
    }
  });
});

describe('colour-blind', () => {
  const table = TABLES['colour-blind'][256];
  const pairs = STATES.flatMap((one, i) => STATES.slice(i + 1).map((other): [Style, Style] => [one, other]));
  const fore = (style: Style) => coloursOf(table[style], PALETTES.xterm!).fore!;

  it.each(Object.keys(BLINDNESS))('tells the states apart with %s', (kind) => {
    for (const [one, other] of pairs) {
      expect(difference(fore(one), fore(other), BLINDNESS[kind]!), `${one} and ${other}`).toBeGreaterThan(20);
    }
  });

  it('is not what the dark theme is: that would fail', () => {
    const dark = (style: Style) => coloursOf(TABLES.dark[16][style], PALETTES.xterm!).fore!;
    expect(difference(dark('good'), dark('warn'), BLINDNESS.protanopia!)).toBeLessThan(25);
  });
});

describe('which theme', () => {
  const painted = (env: NodeJS.ProcessEnv, theme: (typeof THEME_NAMES)[number]) =>
    makeTheme(env, { theme, unicode: 'auto' }).paint('good', 'S');

  it('has the colours that the terminal has', () => {
    expect(painted({ TERM: 'xterm' }, 'light')).toBe('\x1b[34mS\x1b[0m');
    expect(painted({ TERM: 'xterm-256color' }, 'light')).toBe('\x1b[38;5;28mS\x1b[0m');
    expect(painted({ TERM: 'xterm', COLORTERM: 'truecolor' }, 'colour-blind')).toBe('\x1b[38;5;33mS\x1b[0m');
    expect(painted({ TERM: 'xterm-256color' }, 'auto')).toBe('\x1b[32mS\x1b[0m');
  });

  it.each(THEME_NAMES)('is none with NO_COLOR or a dumb terminal: %s', (theme) => {
    expect(painted({ TERM: 'xterm', NO_COLOR: '1' }, theme)).toBe('S');
    expect(painted({ TERM: 'dumb' }, theme)).toBe('S');
  });

  it('has unicode as it is told, or as the locale says', () => {
    const arrow = (unicode: 'auto' | 'always' | 'never', LANG: string) =>
      makeTheme({ LANG }, { theme: 'auto', unicode }).glyphs('→');
    expect([arrow('auto', 'C'), arrow('always', 'C'), arrow('auto', 'C.UTF-8'), arrow('never', 'C.UTF-8')]).toEqual([
      '>',
      '→',
      '→',
      '>',
    ]);
  });
});
