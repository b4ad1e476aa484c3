// The one expression language of rules and filters: CEL, over the variables of the list that is judged.
import { Environment } from '@marcbachmann/cel-js';
import type { FactsOf, FilterVariable } from '../../protocol/filter-variables.ts';
import type { BrokenRows } from '../../protocol/messages.ts';
import { type CelError, expressionWords } from '../../text/expression-words.ts';
import { joinLines } from '../../text/one-line.ts';
import { registerUnsigned, takeExactIntegers, takeUnsigned } from './exact-integers.ts';
import { mostSteps } from './expression-cost.ts';
import { below, type CelNode } from './expression-tree.ts';
import { patternProblem, registerLinearMatches, takeLinearPatterns } from './linear-patterns.ts';
import { mapKeyProblem } from './map-keys.ts';

/** An expression that cannot be used, in one line. `at`: where, in characters from 0; null: not known. */
export class ExpressionError extends Error {
  readonly at: number | null;

  constructor(message: string, at: number | null) {
    super(message);
    this.name = 'ExpressionError';
    this.at = at;
  }
}

/**
 * The result of an expression for one row: it holds, it does not, or it cannot be evaluated (a division by zero, an index out
 * of range). In the last case `holds` is false and `error` says why, in one line.
 */
export interface Judgement {
  readonly holds: boolean;
  readonly error: string | null;
}

export const HOLDS: Judgement = { holds: true, error: null };
export const HOLDS_NOT: Judgement = { holds: false, error: null };

/** For a report: how many rows could not be evaluated, and why, for one of them. */
export const brokenRows = (count: number, error: string): { broken?: BrokenRows } =>
  count === 0 ? {} : { broken: { count, error } };

export interface Expression<Facts> {
  readonly source: string;
  /** The variables that it uses. */
  readonly uses: ReadonlySet<string>;
  /** What one evaluation takes at most, see expression-cost.ts. */
  readonly steps: number;
  /** Never throws. */
  readonly judge: (facts: Facts) => Judgement;
}

/** An environment is made once for each table of variables. */
const environments = new WeakMap<readonly FilterVariable[], Environment>();

function environment(variables: readonly FilterVariable[]): Environment {
  let made = environments.get(variables);
  if (!made) {
    made = new Environment({ unlistedVariablesAreDyn: false });
    for (const { name, type } of variables) made.registerVariable(name, type);
    registerLinearMatches(made);
    registerUnsigned(made);
    environments.set(variables, made);
  }
  return made;
}

/** For an error that quotes a value of the group. */
const MOST_ERROR = 160;

/** Why an expression could not be evaluated: the first line, and the column, if known. */
function judgeFailed(error: unknown, source: string): Judgement {
  const { message, at } = said(error, source);
  const short = joinLines(message.length > MOST_ERROR ? `${message.slice(0, MOST_ERROR)}...` : message);
  return { holds: false, error: at === null ? short : `${short} (column ${at + 1})` };
}

/** The text of a CEL error, without its drawing of the expression, and its position. */
function said(error: unknown, source: string): ExpressionError {
  const cel = error as CelError;
  return new ExpressionError(expressionWords(source, cel), cel.range?.start ?? null);
}

/** Names in the tree; the variable of a macro counts too, which costs at most some speed. */
function names(node: CelNode, into: Set<string>): Set<string> {
  if (node.op === 'id') into.add(node.args as string);
  for (const part of below(node)) names(part, into);
  return into;
}

function parse(source: string, variables: readonly FilterVariable[]): ReturnType<Environment['parse']> {
  try {
    const parsed = environment(variables).parse(source);
    takeUnsigned(parsed.ast);
    return parsed;
  } catch (error) {
    throw said(error, source);
  }
}

/**
 * Compiles a CEL expression over `variables`. Throws ExpressionError: not parsable, an unknown name, not a bool, or one that
 * could take too long.
 */
export function compile<V extends readonly FilterVariable[]>(source: string, variables: V): Expression<FactsOf<V>> {
  const parsed = parse(source, variables);
  const { valid, type, error } = parsed.check();
  if (!valid) {
    const why = said(error, source);
    throw new ExpressionError(`${why.message}; it can use ${variables.map((v) => v.name).join(', ')}`, why.at);
  }
  const steps = mostSteps(parsed.ast);
  if (typeof steps !== 'number') throw new ExpressionError(steps.message, steps.at);
  const problem = patternProblem(parsed.ast) ?? mapKeyProblem(parsed.ast);
  if (problem) throw new ExpressionError(problem.message, problem.at);
  if (type !== 'bool') throw new ExpressionError(`it must be a bool, got ${type}`, null);
  // A tree is changed before it is checked, and checked with the names that users know.
  const run = parse(source, variables);
  takeLinearPatterns(run.ast);
  run.check();
  takeExactIntegers(run.ast);
  return {
    source,
    steps,
    uses: names(parsed.ast, new Set()),
    judge: (facts) => {
      try {
        const result: unknown = run(facts);
        if (typeof result === 'boolean') return result ? HOLDS : HOLDS_NOT;
        return { holds: false, error: `its result must be a bool, got ${typeof result}` };
      } catch (error) {
        return judgeFailed(error, source);
      }
    },
  };
}
