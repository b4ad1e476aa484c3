// The palette: a line to type in, and what matches it.

import { type PaletteItem, paletteItems } from '../../actions/palette-items.ts';
import { centred } from '../../model/layout.ts';
import type { Palette } from '../../model/overlays.ts';
import type { UiState } from '../../model/state.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { wrap } from '../../text/wrap.ts';
import { paintEditor } from '../editor.ts';
import type { PaintedBox } from '../painted-overlay.tsx';

const TITLES: Record<Palette['kind'], string> = {
  commands: 'Commands: type to find, a number goes to that group',
  filters: 'Named filters',
  copy: 'Copy',
};
const MAX_WIDTH = 120;
const MAX_ROWS = 22;
/** Below this the box takes the whole width: nothing of the rows under it shows beside it. */
const BESIDE_FROM = 100;
/** The line to type in and a blank, the blank before and the two lines on what is selected, the keys; and the edges. */
const AROUND = 2 + 3 + 1 + 2;
const NAME_CELLS = 18;

/** The box of the palette: the line, what fits it, and two lines about what is selected. */
export function paintPalette(state: UiState, palette: Palette, theme: Theme): PaintedBox {
  const { columns, rows } = state;
  const items = paletteItems(state, palette);
  const width = columns < BESIDE_FROM ? columns : Math.min(MAX_WIDTH, columns - 4);
  // What can be typed at length stays as high as it is while the items change
  const least = palette.kind === 'commands' ? MAX_ROWS : Math.max(1, items.length) + AROUND;
  const height = Math.min(MAX_ROWS, least, rows - 2);
  const room = height - AROUND;
  const from = Math.max(0, Math.min(palette.at - room + 1, items.length - room));
  const shown = items.slice(from, from + room);
  const keyCells = Math.max(0, ...items.map((item) => item.keys.length));
  const blank = ' '.repeat(width - 4);
  const lines = [
    theme.paint('key', '> ') + paintEditor(palette.line, width - 6, null, theme),
    blank,
    ...shown.map((item, i) => itemLine(item, from + i === palette.at, { width: width - 4, keyCells }, theme)),
    ...(items.length ? [] : [theme.paint('dim', cell('No match.', width - 4))]),
  ];
  while (lines.length < room + 3) lines.push(blank);
  lines.push(...aboutLines(state, items[palette.at], width - 4, theme));
  const place = items.length > room ? `${palette.at + 1} of ${items.length}, ` : '';
  lines.push(theme.paint('dim', theme.glyphs(cell(`${place}↑↓ select, Enter do it, Esc close`, width - 4))));
  return { rect: centred(columns, rows, width, height), title: TITLES[palette.kind], lines };
}

/** Two lines on what is selected; or why a key did nothing, if the box covers the line that says it. */
function aboutLines({ status }: UiState, item: PaletteItem | undefined, width: number, theme: Theme): string[] {
  const wrong = status?.kind === 'error';
  const [first = '', second = ''] = wrap(wrong ? status.text : (item?.about ?? ''), width - 2);
  return [first, second].map((text) => {
    const line = theme.glyphs(cell(`  ${text}`, width));
    return wrong ? theme.paint('bad', line) : line;
  });
}

function itemLine(
  { name, about, keys }: PaletteItem,
  selected: boolean,
  { width, keyCells }: { width: number; keyCells: number },
  theme: Theme,
): string {
  const head = cell(`${selected ? '▶' : ' '} ${name}`, NAME_CELLS + 2);
  const end = keyCells ? `  ${keys.padEnd(keyCells)}` : '';
  const text = `${head} ${cell(about, width - head.length - 1 - end.length)}`;
  if (selected) return theme.paint('cursor', theme.glyphs(text + end));
  return theme.glyphs(text) + theme.paint('key', theme.glyphs(end));
}
