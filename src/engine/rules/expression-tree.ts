// The tree that CEL parses an expression into.

export interface CelNode {
  op: string;
  args: unknown;
  start?: number;
}

/** What is wrong with an expression; `at`: where, in characters from 0; null: not known. */
export interface ExpressionProblem {
  message: string;
  at: number | null;
}

export const isNode = (value: unknown): value is CelNode =>
  typeof value === 'object' && value !== null && 'op' in value;

/** The nodes right below. */
export const below = ({ args }: CelNode): CelNode[] => (Array.isArray(args) ? args.flat(2) : [args]).filter(isNode);

export interface CelCall {
  readonly name: string;
  /** For `receiver.name(…)`. */
  readonly receiver: CelNode | null;
  readonly given: readonly CelNode[];
}

/** null: it is not a call. */
export function callOf({ op, args }: CelNode): CelCall | null {
  if (op === 'call') {
    const [name, given] = args as [string, CelNode[]];
    return { name, receiver: null, given };
  }
  if (op !== 'rcall') return null;
  const [name, receiver, given] = args as [string, CelNode, CelNode[]];
  return { name, receiver, given };
}

/** Acts on the node and on all nodes below it, at any depth. */
export function visitTree(root: CelNode, act: (node: CelNode) => void): void {
  const left = [root];
  for (let node = left.pop(); node; node = left.pop()) {
    act(node);
    left.push(...below(node));
  }
}
