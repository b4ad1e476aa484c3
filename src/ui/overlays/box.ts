// Boxes that are painted over the rows, without the frame: what is in them changes with every key.
import type { Segment } from '../app/compositor/compositor.ts';
import type { Rect } from '../model/layout.ts';
import { cell } from '../text/table.ts';
import type { Theme } from '../text/theme.ts';

/** Lines of a box, inside of its sides: each of rect.width - 4 cells, painted. */
export function paintBox(rect: Rect, title: string, lines: readonly string[], theme: Theme): Segment[] {
  const inner = rect.width - 2;
  const shown = cell(` ${title} `, Math.min(title.length + 2, inner - 2));
  const edge = (text: string) => theme.paint('accent', theme.glyphs(text));
  const side = edge('│');
  const rows = [
    edge(`╭─${shown}${'─'.repeat(inner - 1 - shown.length)}╮`),
    ...lines.slice(0, rect.height - 2).map((line) => `${side} ${line} ${side}`),
    edge(`╰${'─'.repeat(inner)}╯`),
  ];
  return rows.map((text, i) => ({ row: rect.top + i, left: rect.left, width: rect.width, text }));
}
