// The one expression language of rules and filters: CEL, over the variables of the list that is judged.
import { Environment } from '@marcbachmann/cel-js';
import type { FactsOf, FilterVariable } from '../protocol/filter-variables.ts';
import { costProblem } from './expression-cost.ts';
import { below, type Node } from './expression-tree.ts';
import { patternProblem, registerLinearMatches, takeLinearPatterns } from './linear-patterns.ts';

/** An expression that cannot be used, in one line. `at`: where, in characters from 0; null where that is not known. */
export class ExpressionError extends Error {
  readonly at: number | null;

  constructor(message: string, at: number | null) {
    super(message);
    this.name = 'ExpressionError';
    this.at = at;
  }
}

export interface Expression<Facts> {
  readonly source: string;
  /** The variables that it speaks of. */
  readonly uses: ReadonlySet<string>;
  /** Whether it holds. What goes wrong while it is evaluated (a division by zero, say) makes it not hold. */
  readonly holds: (facts: Facts) => boolean;
}

/** An environment is made once for each table of variables. */
const environments = new WeakMap<readonly FilterVariable[], Environment>();

function environment(variables: readonly FilterVariable[]): Environment {
  let made = environments.get(variables);
  if (!made) {
    made = new Environment({ unlistedVariablesAreDyn: false });
    for (const { name, type } of variables) made.registerVariable(name, type);
    registerLinearMatches(made);
    environments.set(variables, made);
  }
  return made;
}

/** The first line of a CEL error, without its picture of the expression, and its place. */
function said(error: unknown): ExpressionError {
  const { message, range } = error as { message?: string; range?: { start?: number } };
  return new ExpressionError(String(message).split('\n')[0] as string, range?.start ?? null);
}

/** Names in the tree; the variable of a macro counts too, which costs at most some speed. */
function names(node: Node, into: Set<string>): Set<string> {
  if (node.op === 'id') into.add(node.args as string);
  for (const part of below(node)) names(part, into);
  return into;
}

function parse(source: string, variables: readonly FilterVariable[]): ReturnType<Environment['parse']> {
  try {
    return environment(variables).parse(source);
  } catch (error) {
    throw said(error);
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
    const why = said(error);
    throw new ExpressionError(`${why.message}; it can use ${variables.map((v) => v.name).join(', ')}`, why.at);
  }
  const problem = costProblem(parsed.ast) ?? patternProblem(parsed.ast);
  if (problem) throw new ExpressionError(problem.message, problem.at);
  if (type !== 'bool') throw new ExpressionError(`it is of type ${type}, a bool is needed`, null);
  // A tree is changed before it is checked, and checked with the names that people know.
  const run = parse(source, variables);
  takeLinearPatterns(run.ast);
  run.check();
  return {
    source,
    uses: names(parsed.ast, new Set()),
    holds: (facts) => {
      try {
        return run(facts) === true;
      } catch {
        return false;
      }
    },
  };
}
