// How much room a text takes, for Yoga: what Ink's own function does, by the cells that are painted. Ink's takes tens of
// milliseconds for a screen of rows that all change, because it segments and tokenises each of them.
import type { DOMElement } from 'ink';
import wrapAnsi from 'wrap-ansi';
import { runOf, textOf, widthOf } from './text.ts';

const adopted = new WeakSet<DOMElement>();
/** Yoga's MEASURE_MODE_UNDEFINED: the natural size is asked for. */
const UNCONSTRAINED = 0;

interface Size {
  width: number;
  height: number;
}

const NOTHING: Size = { width: 0, height: 0 };

/**
 * Before each layout: new texts are measured by us from now on. Yoga calls from WebAssembly, through which nothing must be
 * thrown: `onError` gets what a transform inside a text throws.
 */
export function adoptTexts(node: DOMElement, onError: (error: unknown) => void): void {
  for (const child of node.childNodes) {
    if (child.nodeName === '#text') continue;
    if (child.nodeName !== 'ink-text') adoptTexts(child, onError);
    else if (!adopted.has(child)) {
      adopted.add(child);
      child.yogaNode?.setMeasureFunc((width, mode) => {
        try {
          return measure(child, mode === UNCONSTRAINED ? Number.POSITIVE_INFINITY : width);
        } catch (error) {
          onError(error);
          return NOTHING;
        }
      });
    }
  }
}

function measure(node: DOMElement, most: number): Size {
  const text = textOf(node);
  if (!text) return NOTHING;
  const size = text.includes('\n') ? sizeOf(text) : { width: runOf(node, text).width, height: 1 };
  if (size.width <= most) return size;
  const wrap = node.style.textWrap ?? 'wrap';
  // Nothing is left of one line: it is none
  if (wrap.startsWith('truncate')) return { width: most, height: most <= 0 && size.height === 1 ? 0 : size.height };
  // No room at all: it keeps its size
  return most <= 0 ? size : sizeOf(wrapped(text, most, wrap));
}

function sizeOf(text: string): Size {
  const lines = text.split('\n');
  return { width: Math.max(...lines.map((line) => widthOf(line))), height: lines.length };
}

/** As Ink wraps. */
export function wrapped(text: string, width: number, wrap: string): string {
  return wrapAnsi(text, Math.max(1, width), { trim: false, hard: true, wordWrap: wrap !== 'hard' });
}
