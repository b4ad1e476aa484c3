// A line that is being edited, painted: the cursor is an inverse cell, since the terminal's own is hidden.
import { type EditedLine, lineInSight } from '../text/line-editor.ts';
import type { Theme } from '../text/theme.ts';

/** Exactly `width` cells. `wrong`: the character with the mistake, or null. */
export function paintEditor(line: EditedLine, width: number, wrong: number | null, theme: Theme): string {
  const { text, from, cursor } = lineInSight(line, width);
  const bad = wrong === null ? null : Math.min(wrong, Math.max(0, line.text.length - 1)) - from;
  return [...text]
    .map((character, i) => {
      if (i === cursor) return theme.paint('cursor', theme.glyphs(character));
      return i === bad ? theme.paint('alarm', theme.glyphs(character)) : theme.glyphs(character);
    })
    .join('');
}
