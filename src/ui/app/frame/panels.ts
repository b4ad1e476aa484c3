// The boxes of the panels, their column titles and the footer, as painted pieces for the compositor. They stand still, but
// a view that is changed to has others: Ink takes tens of milliseconds for a screen of them, which a key would wait for.

import type { Theme } from '../../text/theme.ts';
import type { Segment } from '../compositor/compositor.ts';
import { panelLines } from '../first-frame.ts';
import type { FooterKey, FrameModel, PanelModel } from './frame-model.ts';

/** What is under the live rows; nothing where the terminal is too small for panels. */
export function paintPanels(model: FrameModel, theme: Theme): Segment[] {
  if (model.tooSmall !== null) return [];
  return [...model.panels.flatMap((panel) => paintPanel(panel, theme)), paintFooter(model, theme)];
}

function paintPanel({ placed, title, focused, header }: PanelModel, theme: Theme): Segment[] {
  const { box } = placed;
  const segments = panelLines(placed, title).map((line, i): Segment => {
    const text = theme.paint(i === 0 && focused ? 'accent' : 'plain', theme.glyphs(line));
    return { row: box.top + i, left: box.left, width: box.width, text };
  });
  if (placed.header) {
    const { top: row, left, width } = placed.header;
    segments.push({ row, left, width, text: theme.paint('heading', theme.glyphs(header.slice(0, width))) });
  }
  return segments;
}

function paintFooter({ footer, rows, columns }: FrameModel, theme: Theme): Segment {
  return { row: rows - 1, left: 0, width: columns, text: ` ${footer.map((key) => paintKey(key, theme)).join('  ')}` };
}

function paintKey({ key, label }: FooterKey, theme: Theme): string {
  return `${theme.paint('key', theme.glyphs(key))} ${label}`;
}
