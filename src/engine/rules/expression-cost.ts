// How long a condition can take, known before it is ever evaluated: a rule is evaluated for every group, and nothing is
// answered meanwhile. Macros repeat and nest, strings and lists grow when they are added; CEL itself bounds none of this.
import { below, type CelNode, callOf, type ExpressionProblem } from './expression-tree.ts';

/** Calls of the evaluator: some 10 ms. */
const MOST_STEPS = 100_000;
/** Characters that take as long as one step. */
const CHARACTERS = 16;
/** Assumed length of a name in a variable. */
const NAME = 64;
const QUANTIFIERS = ['all', 'exists', 'exists_one'];
/** They search one text in another, at worst from each position. */
const SEARCHES = ['matches', 'contains', 'indexOf', 'lastIndexOf'];
/** Whole numbers have any size: the cost is the product of their digits. */
const PRODUCTS = ['*', '/', '%'];
/** They make lists and values of any size: there is no bound. */
const UNBOUNDED = ['map', 'filter', 'bind', 'split', 'join'];

/** Steps at most, to a value of `size` characters or elements at most. */
interface Cost {
  readonly steps: number;
  readonly size: number;
}

/** Sizes of the variables of the enclosing macros. */
type Sizes = ReadonlyMap<string, number>;

class Refused extends Error {
  readonly at: number | null;

  constructor(message: string, { start }: CelNode) {
    super(message);
    this.at = start ?? null;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

/** The list of a macro must be written out, so that its length is known. */
function macro(name: string, list: CelNode, [variable, body]: readonly CelNode[], sizes: Sizes): Cost {
  if (list.op !== 'list') throw new Refused(`the list of ${name} must be written out`, list);
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

/** How many steps the expression takes at most; a problem: why that may be too many. */
export function mostSteps(ast: CelNode): number | ExpressionProblem {
  try {
    const { steps } = costOf(ast, new Map());
    if (steps <= MOST_STEPS) return steps;
    const count = steps.toExponential(0).replace('e+', 'e');
    return { message: `it may take ${count} steps, more than ${MOST_STEPS}: shorten its lists or texts`, at: null };
  } catch (error) {
    if (error instanceof Refused) return { message: error.message, at: error.at };
    // Evaluating a tree takes less stack than this.
    if (error instanceof RangeError) return { message: 'it is nested too deeply', at: null };
    throw error;
  }
}
