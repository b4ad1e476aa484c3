// --expect: conditions over the summary, compiled before anything is opened and judged when everything is closed.
import { SUMMARY_VARIABLES, summaryFacts, summaryValues } from '../../protocol/expect-variables.ts';
import type { Expectation, Summary } from '../../protocol/messages.ts';
import { Refusal } from '../../text/refusal.ts';
import { compile, ExpressionError } from './expression.ts';

/** A condition that cannot be used, in one line. */
export class ExpectError extends Refusal {}

export type Judge = (summary: Omit<Summary, 'type' | 'reason'>) => Expectation;

function compileOne(expr: string): Judge {
  const { uses, judge } = compile(expr, SUMMARY_VARIABLES);
  // In the order of the expression; a local name (of `exists`) is not a variable of the summary.
  const used = [...uses].flatMap((name) => SUMMARY_VARIABLES.find((variable) => variable.name === name)?.name ?? []);
  return (summary) => {
    const values = summaryValues(summary);
    const { holds, error } = judge(summaryFacts(values));
    return { expr, holds, values: Object.fromEntries(used.map((name) => [name, values[name]])), error };
  };
}

/** Compiles the conditions. Throws ExpectError for the first that is wrong, with the place in it. */
export const compileExpectations = (exprs: readonly string[]): Judge[] =>
  exprs.map((expr) => {
    try {
      return compileOne(expr);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      const place = error.at === null ? '' : ` at column ${error.at + 1}`;
      throw new ExpectError('usage', `--expect ${JSON.stringify(expr)}${place}: ${error.message}`, null, error);
    }
  });

/** For the summary; nothing if nothing is expected. A condition that cannot be evaluated does not hold. */
export const judged = (
  judges: readonly Judge[],
  summary: Omit<Summary, 'type' | 'reason'>,
): Pick<Summary, 'expectations'> =>
  judges.length === 0 ? {} : { expectations: judges.map((judge) => judge(summary)) };
