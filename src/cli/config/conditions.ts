// The CEL expressions of a configuration, compiled once, so that a mistake is told before anything starts. Loads the
// compiler; only for files that have expressions.
import { compile, ExpressionError } from '../../engine/expression.ts';
import { compileRules, RuleError } from '../../engine/rules.ts';
import { FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { FileConfig } from './file-config.ts';
import type { Problems } from './problems.ts';

/** Adds what is wrong in the conditions of rules and filters to `problems`. */
export function checkConditions({ rules, filters }: FileConfig, problems: Problems): void {
  for (const [i, rule] of (rules ?? []).entries()) {
    // one by one: the compiler stops at the first that is wrong
    attempt(
      () => compileRules([rule]),
      problems,
      ['rules', i],
      (said) => `rule ${i + 1}: ${said}`,
    );
  }
  if (!problems.any && rules)
    attempt(
      () => compileRules(rules),
      problems,
      ['rules'],
      (said) => said,
    );
  for (const { name, list, when } of filters) {
    // every variable of the stream is one of the pending groups too
    const variables = FILTER_VARIABLES[list ?? 'stream'];
    attempt(
      () => compile(when, variables),
      problems,
      ['filters', name, 'when'],
      (said) => `filters.${name}: ${said}`,
    );
  }
}

function attempt(
  compiling: () => void,
  problems: Problems,
  path: (string | number)[],
  say: (message: string) => string,
): void {
  try {
    compiling();
  } catch (error) {
    if (error instanceof ExpressionError) {
      const place = error.at === null ? 'when' : `when, column ${error.at + 1}`;
      problems.add(path, say(`${place}: ${error.message}`), 'see "Rules" in the README');
    } else if (error instanceof RuleError) {
      const message = error.message.replace(/^rule 1: /, '');
      problems.add(path, say(message), 'see "Rules" in the README');
    } else {
      throw error;
    }
  }
}
