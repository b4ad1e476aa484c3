// A box as painted rows: what is in it changes with every key.
import type { Rect } from '../model/layout.ts';

export interface PaintedBox {
  rect: Rect;
  title: string;
  /** Each of rect.width - 4 cells. */
  lines: string[];
}
