// CEL's int has 64 bits and a sign, and `+`, `-` and `*` of the library fail beyond them. A fault's address has 64 bits and no
// sign: `addr + 0x1000 > LIMIT` would fail for exactly the addresses that it guards. Here an int is a whole number of any size:
// nothing wraps and nothing overflows.
import type { Environment } from '@marcbachmann/cel-js';
import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { type CelNode, callOf, visitTree } from './expression-tree.ts';

type Operation = (left: unknown, right: unknown, node: unknown, evaluator: unknown) => unknown;

const EXACT: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
};

/** What `uint(…)` becomes: the same range check, and an int that mixes with every other. */
const OURS = 'wholeUnsigned';
const MOST = 2n ** 64n - 1n;

function unsigned(value: bigint): bigint {
  if (value >= 0n && value <= MOST) return value;
  throw new Error(`uint(${value}): not in 0 to 2^64-1`);
}

function unsignedOf(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) return unsigned(BigInt(text));
  throw new Error(`uint(${JSON.stringify(text)}): not a whole number`);
}

function unsignedFrom(value: number): bigint {
  if (Number.isFinite(value)) return unsigned(BigInt(Math.trunc(value)));
  throw new Error(`uint(${value}): not a number`);
}

export const registerUnsigned = (environment: Environment): void =>
  void environment
    .registerFunction(`${OURS}(int): int`, unsigned)
    .registerFunction(`${OURS}(string): int`, unsignedOf)
    .registerFunction(`${OURS}(double): int`, unsignedFrom);

/** Changes an unchecked tree: `0x1000u` and `uint(0x1000)` are the number `0x1000`, and mix with every int. */
export function takeUnsigned(root: CelNode): void {
  visitTree(root, (node) => {
    if (node.op === 'value' && node.args instanceof UnsignedInt) node.args = node.args.valueOf();
    if (node.op === 'call' && callOf(node)?.name === 'uint') (node.args as unknown[])[0] = OURS;
  });
}

/** Changes a checked tree, in which each operator has the library's function: for two ints it gets ours. */
export function takeExactIntegers(root: CelNode): void {
  visitTree(root, (node: CelNode & { handle?: Operation }) => {
    const exact = EXACT[node.op];
    const { handle } = node;
    if (!exact || !handle) return;
    node.handle = (left, right, at, evaluator) =>
      typeof left === 'bigint' && typeof right === 'bigint' ? exact(left, right) : handle(left, right, at, evaluator);
  });
}
