// The prompt and the palette as they are painted: at all sizes, and with ASCII alone.

import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../src/ui/model/layout-of.ts';
import { paintPalette } from '../../src/ui/overlays/palette/paint.ts';
import { paintPrompt } from '../../src/ui/overlays/prompt/paint.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { Session } from './fixtures/session.ts';

const SIZES = [
  [60, 16],
  [80, 24],
  [120, 40],
  [300, 100],
] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');

function painted({ state }: Session, unicode: 'always' | 'never') {
  const theme = makeTheme({ TERM: 'xterm' }, { theme: 'dark', unicode });
  const layout = layoutOf(state);
  if (state.palette) return paintPalette(state, state.palette, layout, theme);
  return paintPrompt(state, state.prompt!, layout, theme);
}

const OPEN: [name: string, open: (session: Session) => Session][] = [
  ['the prompt', (session) => session.press('/').type('pasidd == 5')],
  ['the prompt with names', (session) => session.press('/ tab')],
  ['the prompt with a long line', (session) => session.press('/').type('pasid == 5 && '.repeat(40))],
  ['the palette', (session) => session.press(':')],
  ['the palette, scrolled', (session) => session.press(': pgdn pgdn pgdn pgdn pgdn pgdn')],
  ['the palette without a find', (session) => session.press(':').type('zzz')],
  ['copying', (session) => session.press('Y')],
];

describe.each(SIZES)('at %dx%d', (columns, rows) => {
  it.each(OPEN)('%s has pieces as wide as they say, within the screen', (_, open) => {
    const session = new Session(columns, rows);
    for (let i = 0; i < 5; i++) session.engine.fault(1);
    const segments = painted(open(session.view()).view(), 'always');
    expect(segments.length).toBeGreaterThan(1);
    for (const { row, left, width, text } of segments) {
      expect(plain(text)).toHaveLength(width);
      expect(left + width).toBeLessThanOrEqual(columns);
      expect(row).toBeGreaterThanOrEqual(0);
      expect(row).toBeLessThan(rows);
    }
  });

  it.each(OPEN)('%s has ASCII for all of it', (_, open) => {
    const session = new Session(columns, rows);
    for (let i = 0; i < 5; i++) session.engine.fault(1);
    for (const { text } of painted(open(session.view()).view(), 'never')) expect(plain(text)).toMatch(/^[\x20-\x7e]*$/);
  });
});

it('the palette shows what is selected, wherever it is in the list', () => {
  const session = new Session(80, 24);
  session.engine.fault(1);
  session.view().press(':');
  for (let i = 0; i < 40; i++) {
    const text = painted(session.press('down'), 'always').map((segment) => plain(segment.text));
    expect(text.filter((line) => line.includes('▶'))).toHaveLength(1);
  }
});
