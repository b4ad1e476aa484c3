// Maps that an expression writes out. The library silently keeps the last of two values under one key, and drops `__proto__`.
import { type CelNode, type ExpressionProblem, isNode, visitTree } from './expression-tree.ts';

/** What is wrong with the keys of the first such map; null: nothing, as far as they are literals. */
export function mapKeyProblem(root: CelNode): ExpressionProblem | null {
  let found: ExpressionProblem | null = null;
  visitTree(root, (node) => {
    if (node.op === 'map') found = problemOf(node.args as readonly (readonly [unknown, unknown])[]) ?? found;
  });
  return found;
}

function problemOf(entries: readonly (readonly [unknown, unknown])[]): ExpressionProblem | null {
  const seen = new Set<unknown>();
  for (const [key] of entries) {
    if (!isNode(key) || key.op !== 'value') continue;
    const at = key.start ?? null;
    // `1` and `"1"` are two
    if (seen.has(key.args)) return { message: `duplicate key ${said(key.args)}`, at };
    if (key.args === '__proto__') return { message: 'a map cannot have the key "__proto__"', at };
    seen.add(key.args);
  }
  return null;
}

const said = (key: unknown): string => (typeof key === 'string' ? JSON.stringify(key) : String(key));
