// `matches` of CEL takes a regular expression, and CEL means RE2, whose time is linear. V8's engine backtracks, for minutes where
// a pattern like `(a+)+$` meets the wrong name, and a rule would hold up every answer. V8 has a linear engine too: it takes over
// where there is much backtracking, and what it cannot do (back references, looking around) is refused as RE2 does.
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
setFlagsFromString('--enable-experimental-regexp-engine');

/** Of the tree that CEL parses an expression into. */
interface Node {
  op: string;
  args: unknown;
  start?: number;
}

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'op' in value;

/** What is wrong with the first pattern of the expression that cannot be matched in linear time; null: nothing. */
export function patternProblem(ast: unknown): { message: string; at: number | null } | null {
  if (Array.isArray(ast)) {
    for (const item of ast) {
      const problem = patternProblem(item);
      if (problem) return problem;
    }
    return null;
  }
  if (!isNode(ast)) return null;
  const { op, args } = ast;
  const [name, , given] = (Array.isArray(args) ? args : []) as unknown[];
  const [pattern] = Array.isArray(given) ? (given as unknown[]) : [];
  if (op === 'rcall' && name === 'matches' && isNode(pattern)) {
    const at = pattern.start ?? null;
    if (pattern.op !== 'value') return { message: 'the pattern of matches has to be written out', at };
    try {
      new RegExp(String(pattern.args), 'l');
    } catch (error) {
      return { message: (error as Error).message, at };
    }
  }
  return patternProblem(args);
}
