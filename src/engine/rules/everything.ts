// Whether a condition always holds: it is empty, or no group that could be made up fails it.
import { type FactsOf, GROUP_VARIABLES } from '../../protocol/filter-variables.ts';
import { compile } from './expression.ts';

/** Groups that are made up for one condition: most conditions fail for the first or the second. */
const MADE_UP = 400;
/**
 * Steps that all of them may take, some 100 ms: nothing is answered meanwhile. For an expensive condition, fewer are made up.
 */
const MOST_STEPS = 1_000_000;
const MAX = 2n ** 64n - 1n;

type Name = (typeof GROUP_VARIABLES)[number]['name'];

/**
 * Numbers to try, besides those that the condition names. Groups are counted from 1, the kernel's ids too
 * (iommufd_object_alloc).
 */
const LOW: Partial<Record<Name, bigint>> = { pasid: -1n, faults: 1n, group: 1n, devId: 1n };
const HIGH: Partial<Record<Name, bigint>> = { pasid: 0xfffffn, addr: MAX, last: MAX };

/** Numbers that the condition names, and their neighbours: its result changes there. */
function numbersIn(when: string): bigint[] {
  const found = when.match(/0[xX][0-9a-fA-F]+|\d+/g) ?? [];
  return [...new Set(found.slice(0, 64).map(BigInt))].flatMap((n) => [n - 1n, n, n + 1n, -n]);
}

/** Texts that it names, and texts that begin or end like them. */
function textsIn(when: string): string[] {
  const found = [...when.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map(([, a, b]) => a ?? b ?? '');
  return [...new Set(found.slice(0, 64))].flatMap((text) => [text, `${text}0`, `0${text}`]);
}

/** The same numbers in each run: 0 to `below` - 1. */
function drawing(): (below: number) => number {
  let seed = 1;
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

function choicesOf(when: string): [Name, readonly (bigint | boolean | string)[]][] {
  const numbers = numbersIn(when);
  // A device has a name
  const texts = ['gpu0', '\u{10ffff}', ...textsIn(when).filter((text) => text !== '')];
  return GROUP_VARIABLES.map(({ name, type }) => {
    if (type === 'bool') return [name, [false, true]];
    if (type === 'string') return [name, texts];
    const [low, high] = [LOW[name] ?? 0n, HIGH[name] ?? 0xffff_ffffn];
    return [name, [low, high, 1n, ...numbers.filter((n) => n >= low && n <= high)]];
  });
}

/** How many groups are made up for a condition of this many steps. */
export const groupsFor = (steps: number): number => Math.min(MADE_UP, Math.floor(MOST_STEPS / steps));

/**
 * Whether the condition holds for every group made up of what it names, the neighbours, and the smallest and largest values;
 * one that cannot be evaluated does not hold. Absent: it does. Throws ExpressionError if it cannot be compiled.
 */
export function matchesEverything(when: string | undefined): boolean {
  if (when === undefined) return true;
  const { judge, steps } = compile(when, GROUP_VARIABLES);
  const choices = choicesOf(when);
  const draw = drawing();
  const pick = (how: (length: number) => number) =>
    Object.fromEntries(choices.map(([name, values]) => [name, values[how(values.length)]])) as unknown as FactsOf<
      typeof GROUP_VARIABLES
    >;
  if (!judge(pick(() => 0)).holds || !judge(pick((length) => length - 1)).holds) return false;
  for (let i = groupsFor(steps); i > 0; i--) if (!judge(pick(draw)).holds) return false;
  return true;
}
