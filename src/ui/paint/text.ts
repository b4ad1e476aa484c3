// The text of a <Text>, with those that are nested in it.
import type { DOMElement } from 'ink';
import { Run } from './run.ts';

/** With the nested texts' looks, as SGR sequences; its own (node.internal_transform) is left to the painter. */
export function textOf(node: DOMElement): string {
  let text = '';
  for (const child of node.childNodes) {
    if (child.nodeName === '#text') text += child.nodeValue;
    else if (!child.isHidden) text += transformed(textOf(child), child.internal_transform);
  }
  return text;
}

function transformed(text: string, transform: DOMElement['internal_transform']): string {
  if (!transform || !text) return text;
  return text.includes('\n') ? text.split('\n').map(transform).join('\n') : transform(text, 0);
}

const runs = new WeakMap<DOMElement, Run[]>();
const scratch = new Run();

/** One of the node's lines as cells; kept, so that a line that is as before is not read again. */
export function runOf(node: DOMElement, line: string, row = 0): Run {
  let all = runs.get(node);
  if (!all) {
    all = [];
    runs.set(node, all);
  }
  all[row] ??= new Run();
  return all[row].read(line);
}

/** Cells of a line; one of `node` that has been measured or painted is known already. */
export function widthOf(line: string, node?: DOMElement, row = 0): number {
  const known = node && runs.get(node)?.[row];
  if (known?.text === line) return known.width;
  for (let i = 0; i < line.length; i++) {
    const unit = line.charCodeAt(i);
    if (unit < 0x20 || unit > 0x7e) return scratch.read(line).width;
  }
  return line.length;
}
