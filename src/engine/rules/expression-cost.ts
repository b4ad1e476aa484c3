// How long a condition can take, told before it is ever evaluated: a rule is evaluated for every group, and nobody is answered
// meanwhile. Macros repeat and nest, strings and lists grow where they are added; CEL itself sets no bound to any of it.
import { below, type CelNode, callOf, type ExpressionProblem } from './expression-tree.ts';

/** Calls of the evaluator: some 10 ms. */
const MOST_STEPS = 100_000;
/** Characters that are looked at as fast as one step is done. */
const CHARACTERS = 16;
/** Characters that a name in a variable is taken to have. */
const NAME = 64;
const QUANTIFIERS = ['all', 'exists', 'exists_one'];
/** They look for one text in another, at worst at each place of it anew. */
const SEARCHES = ['matches', 'contains', 'indexOf', 'lastIndexOf'];
/** Whole numbers have any size: each digit of one meets each of the other. */
const PRODUCTS = ['*', '/', '%'];
/** They make lists and values of any size: no bound could be told. */
const UNBOUNDED = ['map', 'filter', 'bind', 'split', 'join'];

/** Steps at most, to a value of `size` characters or elements at most. */
interface Cost {
  readonly steps: number;
  readonly size: number;
}

/** What the variables of the macros around can hold. */
type Sizes = ReadonlyMap<string, number>;

class Refused extends Error {
  readonly at: number | null;

  constructor(message: string, { start }: CelNode) {
    super(message);
    this.at = start ?? null;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The list of a macro is written out, so that its length is known. */
function macro(name: string, list: CelNode, [variable, body]: readonly CelNode[], sizes: Sizes): Cost {
  if (list.op !== 'list') throw new Refused(`the list of ${name} has to be written out`, list);
  const elements = below(list).map((element) => costOf(element, sizes));
  const held = Math.max(1, ...elements.map(({ size }) => size));
  const each = costOf(body as CelNode, new Map(sizes).set(String(variable?.args), held));
  return { steps: 1 + sum(elements.map(({ steps }) => steps)) + elements.length * each.steps, size: 1 };
}

/** Characters of a text, digits of a whole number. */
function sizeOf(value: unknown): number {
  if (typeof value === 'bigint') return value.toString(16).length;
  return typeof value === 'string' ? Math.max(1, value.length) : 1;
}

function costOf(node: CelNode, sizes: Sizes): Cost {
  const { op, args } = node;
  if (op === 'value') return { steps: 1, size: sizeOf(args) };
  if (op === 'id') return { steps: 1, size: sizes.get(args as string) ?? NAME };
  const call = callOf(node);
  if (call && UNBOUNDED.includes(call.name)) throw new Refused(`${call.name} cannot be used in a condition`, node);
  if (call?.receiver && QUANTIFIERS.includes(call.name)) return macro(call.name, call.receiver, call.given, sizes);
  const parts = below(node).map((part) => costOf(part, sizes));
  const lengths = parts.map(({ size }) => size);
  const searches = call !== null && SEARCHES.includes(call.name);
  const characters = searches || PRODUCTS.includes(op) ? lengths.reduce((a, b) => a * b, 1) : sum(lengths);
  const grows = op === '+' || op === '*' || op === 'list' || op === 'map';
  return {
    steps: 1 + sum(parts.map(({ steps }) => steps)) + characters / CHARACTERS,
    size: grows ? Math.max(1, sum(lengths)) : Math.max(1, ...lengths),
  };
}

/** How many steps the expression takes at most; a problem: why that can be too many. */
export function mostSteps(ast: CelNode): number | ExpressionProblem {
  try {
    const { steps } = costOf(ast, new Map());
    if (steps <= MOST_STEPS) return steps;
    const count = steps.toExponential(0).replace('e+', 'e');
    return { message: `it can take ${count} steps, more than ${MOST_STEPS}: shorten its lists or texts`, at: null };
  } catch (error) {
    if (error instanceof Refused) return { message: error.message, at: error.at };
    // Less of a tree is on the stack while it is evaluated.
    if (error instanceof RangeError) return { message: 'it is nested too deep', at: null };
    throw error;
  }
}
