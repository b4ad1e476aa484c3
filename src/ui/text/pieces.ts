// Pieces of a line, the least important left out first.
import type { Style } from './style.ts';

/** Cells between the pieces of a line at the top. */
export const PIECE_GAP = 2;

export interface Piece {
  text: string;
  style: Style;
  /** The highest number goes first when the width is short; 0 stays. */
  priority: number;
}

/** As many of the pieces as fit `width` with `gap` cells between them, in their order. */
export function fitPieces<P extends Piece>(pieces: readonly P[], width: number, gap: number): P[] {
  const kept = pieces.filter((p) => p.text !== '');
  const total = () => kept.reduce((sum, p) => sum + p.text.length, 0) + gap * Math.max(0, kept.length - 1);
  while (kept.length > 1 && total() > width) {
    const worst = kept.reduce((a, b) => (b.priority >= a.priority ? b : a));
    if (worst.priority === 0) break;
    kept.splice(kept.indexOf(worst), 1);
  }
  return kept;
}
