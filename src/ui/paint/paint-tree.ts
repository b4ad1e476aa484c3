// Ink's tree, after React has committed it and Yoga has laid it out, painted into cells: what Ink's own Output does, but
// each text straight to its place. What it knows of Ink beyond the exported type DOMElement is listed in ink-screen.tsx.
import type { DOMElement } from 'ink';
import { insideOf, paintBorder } from './border.ts';
import { BLANK, cellOf } from './cell.ts';
import { lookOf } from './colour.ts';
import type { Area, Grid } from './grid.ts';
import { wrapped } from './measure-text.ts';
import { runOf, textOf, widthOf } from './text.ts';

type DOMNode = DOMElement['childNodes'][number];
type Style = DOMElement['style'];

/** Paints what is under `root` over what stands in `grid`. */
export function paintTree(root: DOMElement, grid: Grid): void {
  for (const child of root.childNodes) paintNode(child, 0, 0, grid.area, grid);
}

/** `left`, `top`: where its parent's content begins. */
function paintNode(node: DOMNode, left: number, top: number, clip: Area, grid: Grid): void {
  const { yogaNode } = node;
  if (node.nodeName === '#text' || !yogaNode || node.isHidden || node.style.display === 'none') return;
  const x = left + yogaNode.getComputedLeft();
  const y = top + yogaNode.getComputedTop();
  if (node.nodeName === 'ink-text') {
    // It may reach beyond its own place, never beyond what clips it
    if (y < clip.bottom && x < clip.right) paintText(node, x, y, yogaNode.getComputedWidth(), clip, grid);
    return;
  }
  const box = { left: x, top: y, right: x + yogaNode.getComputedWidth(), bottom: y + yogaNode.getComputedHeight() };
  const { style } = node;
  if (style.backgroundColor)
    grid.fill(insideOf(box, style), cellOf(BLANK, lookOf(undefined, style.backgroundColor)), clip);
  if (style.borderStyle) paintBorder(box, style, clip, grid);
  const within = clipOf(box, style, clip);
  if (within.left >= within.right || within.top >= within.bottom) return;
  const fromX = x - whole(style.contentOffsetX);
  const fromY = y - whole(style.contentOffsetY);
  for (const child of node.childNodes) paintNode(child, fromX, fromY, within, grid);
}

const whole = (offset: number | undefined): number => (Number.isFinite(offset) ? Math.trunc(offset!) : 0);

/** What is left of `clip` for the children. */
function clipOf(box: Area, style: Style, clip: Area): Area {
  const across = (style.overflowX ?? style.overflow) === 'hidden';
  const down = (style.overflowY ?? style.overflow) === 'hidden';
  if (!across && !down) return clip;
  const inside = insideOf(box, style);
  return {
    left: across ? Math.max(clip.left, inside.left) : clip.left,
    right: across ? Math.min(clip.right, inside.right) : clip.right,
    top: down ? Math.max(clip.top, inside.top) : clip.top,
    bottom: down ? Math.min(clip.bottom, inside.bottom) : clip.bottom,
  };
}

function paintText(node: DOMElement, x: number, y: number, width: number, clip: Area, grid: Grid): void {
  const text = textOf(node);
  if (!text) return;
  const wrap = node.style.textWrap ?? 'wrap';
  let row = 0;
  const put = (line: string, most = Number.POSITIVE_INFINITY) => {
    const painted = node.internal_transform?.(line, row) ?? line;
    const run = runOf(node, painted, row);
    grid.write(x, y + row++, run.width > most ? run.truncate(most, placeOf(wrap)) : run, clip);
  };
  for (const line of text.includes('\n') ? text.split('\n') : [text]) {
    if (widthOf(line, node, row) <= width) put(line);
    else if (wrap.startsWith('truncate')) put(line, width);
    // No room at all: it keeps its size, as it was measured
    else if (width <= 0) put(line);
    // Ink measures with this very function: the rows are those that Yoga has made room for
    else for (const part of wrapped(line, width, wrap).split('\n')) put(part);
  }
}

const placeOf = (wrap: string) => (wrap === 'truncate-start' ? 'start' : wrap === 'truncate-middle' ? 'middle' : 'end');
