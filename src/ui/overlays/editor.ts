// A line that is being edited, painted: the cursor is an inverse cell, since the terminal's own is hidden.
import { type EditedLine, lineInSight } from '../text/line-editor.ts';
import type { Theme } from '../text/theme.ts';

/** Exactly `width` cells. `wrong`: the character with the mistake, or null. */
export function paintEditor(line: EditedLine, width: number, wrong: number | null, theme: Theme): string {
  const { text, cursor, cursorCells, cellOf } = lineInSight(line, width);
  const bad = wrong === null ? -1 : cellOf(Math.min(wrong, Math.max(0, line.text.length - 1)));
  const end = cursor + cursorCells;
  const plain = (from: number, to: number): string => {
    if (bad < from || bad >= to) return theme.glyphs(text.slice(from, to));
    const after = bad + 1;
    return (
      theme.glyphs(text.slice(from, bad)) +
      theme.paint('alarm', theme.glyphs(text.slice(bad, after))) +
      theme.glyphs(text.slice(after, to))
    );
  };
  return plain(0, cursor) + theme.paint('cursor', theme.glyphs(text.slice(cursor, end))) + plain(end, text.length);
}
