// The border of a <Box>: a side is there unless it is switched off, and has a look of its own.
import cliBoxes from 'cli-boxes';
import type { DOMElement } from 'ink';
import { cellOf } from './cell.ts';
import { lookOf } from './colour.ts';
import type { Area, Grid } from './grid.ts';

type Style = DOMElement['style'];

/** Names of the properties, so that none is put together for each box of each frame. */
const EDGES = {
  top: { has: 'borderTop', colour: 'borderTopColor', background: 'borderTopBackgroundColor', dim: 'borderTopDimColor' },
  bottom: {
    has: 'borderBottom',
    colour: 'borderBottomColor',
    background: 'borderBottomBackgroundColor',
    dim: 'borderBottomDimColor',
  },
  left: {
    has: 'borderLeft',
    colour: 'borderLeftColor',
    background: 'borderLeftBackgroundColor',
    dim: 'borderLeftDimColor',
  },
  right: {
    has: 'borderRight',
    colour: 'borderRightColor',
    background: 'borderRightBackgroundColor',
    dim: 'borderRightDimColor',
  },
} as const;

type Edge = keyof typeof EDGES;

const thickness = (style: Style, edge: Edge): number => (style.borderStyle && style[EDGES[edge].has] !== false ? 1 : 0);

/** What a box has inside its border. */
export const insideOf = (box: Area, style: Style): Area => ({
  left: box.left + thickness(style, 'left'),
  right: box.right - thickness(style, 'right'),
  top: box.top + thickness(style, 'top'),
  bottom: box.bottom - thickness(style, 'bottom'),
});

export function paintBorder(box: Area, style: Style, clip: Area, grid: Grid): void {
  const glyphs = typeof style.borderStyle === 'string' ? cliBoxes[style.borderStyle] : style.borderStyle!;
  const { left, top, right, bottom } = box;
  const inside = insideOf(box, style);
  const put = (edge: Edge, glyph: string, area: Area) => {
    const look = lookOf(
      style[EDGES[edge].colour] ?? style.borderColor,
      style[EDGES[edge].background] ?? style.borderBackgroundColor,
      style[EDGES[edge].dim] ?? style.borderDimColor,
    );
    grid.fill(area, cellOf(glyph.codePointAt(0)!, look), clip);
  };
  if (inside.left > left) put('left', glyphs.left, { ...inside, left, right: left + 1 });
  if (inside.right < right) put('right', glyphs.right, { ...inside, left: right - 1, right });
  const across = (edge: 'top' | 'bottom', y: number, [first, middle, last]: [string, string, string]) => {
    const rows = { top: y, bottom: y + 1 };
    put(edge, middle, { ...rows, left: inside.left, right: inside.right });
    if (inside.left > left) put(edge, first, { ...rows, left, right: left + 1 });
    if (inside.right < right) put(edge, last, { ...rows, left: right - 1, right });
  };
  if (inside.top > top) across('top', top, [glyphs.topLeft, glyphs.top, glyphs.topRight]);
  if (inside.bottom < bottom) across('bottom', bottom - 1, [glyphs.bottomLeft, glyphs.bottom, glyphs.bottomRight]);
}
