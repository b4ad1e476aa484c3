// The prompt and the palette as they are painted: at all sizes, and with ASCII alone.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { Overlays } from '../../src/ui/app/overlays.tsx';
import type { PaintedBox } from '../../src/ui/overlays/painted-overlay.tsx';
import { paintPalette } from '../../src/ui/overlays/palette/paint.ts';
import { paintPrompt } from '../../src/ui/overlays/prompt/paint.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { partOf } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

const SIZES = [
  [60, 16],
  [80, 24],
  [120, 40],
  [300, 100],
] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');

const themeWith = (unicode: 'always' | 'never') => makeTheme({ TERM: 'xterm' }, { theme: 'dark', unicode });

/** What is on the screen of them, without all that is under them. */
const shown = (session: Session, unicode: 'always' | 'never'): string[] =>
  partOf(session, createElement(Overlays), { theme: themeWith(unicode) }).lines();

/** Its boxes, and the lines beside them with the cells that each may have. */
function painted({ state }: Session): { boxes: PaintedBox[]; beside: [text: string, cells: number][] } {
  const theme = themeWith('always');
  if (state.palette) return { boxes: [paintPalette(state, state.palette, theme)], beside: [] };
  const { names, said, line } = paintPrompt(state, state.prompt!, theme);
  expect(plain(line)).toHaveLength(state.columns);
  return {
    boxes: names ? [names] : [],
    beside: [[line, state.columns], ...(said === null ? [] : [[said, state.columns - 4] satisfies [string, number]])],
  };
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
    const { boxes, beside } = painted(open(session.view()).view());
    expect(boxes.length + beside.length).toBeGreaterThan(0);
    for (const [text, cells] of beside) expect(plain(text).length).toBeLessThanOrEqual(cells);
    for (const { rect, lines } of boxes) {
      expect(lines.map((line) => plain(line).length)).toEqual(Array(rect.height - 2).fill(rect.width - 4));
      expect(rect.left).toBeGreaterThanOrEqual(0);
      expect(rect.left + rect.width).toBeLessThanOrEqual(columns);
      expect(rect.top).toBeGreaterThanOrEqual(0);
      expect(rect.top + rect.height).toBeLessThanOrEqual(rows);
    }
  });

  it.each(OPEN)('%s is on the screen, each row of it whole', (_, open) => {
    const session = new Session(columns, rows);
    for (let i = 0; i < 5; i++) session.engine.fault(1);
    const lines = shown(open(session.view()).view(), 'always');
    const { boxes, beside } = painted(session);
    for (const { rect, lines: inside } of boxes) {
      const box = lines
        .slice(rect.top, rect.top + rect.height)
        .map((line) => line.slice(rect.left, rect.left + rect.width));
      expect(box[0]).toMatch(/^╭─ .* ─*╮$/);
      expect(box.slice(1, -1)).toEqual(inside.map((line) => `│ ${plain(line)} │`));
      expect(box.at(-1)).toMatch(/^╰─+╯$/);
    }
    for (const [text] of beside) expect(lines.slice(-2).join('\n')).toContain(plain(text).trimEnd());
  });

  it.each(OPEN)('%s has ASCII for all of it', (_, open) => {
    const session = new Session(columns, rows);
    for (let i = 0; i < 5; i++) session.engine.fault(1);
    const text = shown(open(session.view()).view(), 'never').join('\n');
    expect(text.trim()).not.toBe('');
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

it('the palette shows what is selected, wherever it is in the list', () => {
  const session = new Session(80, 24);
  session.engine.fault(1);
  session.view().press(':');
  const part = partOf(session, createElement(Overlays));
  for (let i = 0; i < 40; i++) {
    session.press('down');
    part.update();
    expect(part.lines().filter((line) => line.includes('▶'))).toHaveLength(1);
  }
});
