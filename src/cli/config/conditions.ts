// The CEL expressions of a configuration, compiled once, so that a mistake is reported before anything starts. Loads the
// compiler, so it is used only for files that have expressions.
import { compile, ExpressionError } from '../../engine/rules/expression.ts';
import { compileRules, RuleError } from '../../engine/rules/rules.ts';
import { FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { FileConfig } from './file-config.ts';
import type { Problems } from './problems.ts';

const FILTER = 'a filter is a CEL expression over the rows of its list, such as pasid == 5';
const RULE = 'a rule has name, when, then, after and enabled';

/** Adds what is wrong in the conditions of rules and filters to `problems`. */
export function checkConditions({ rules, filters }: FileConfig, problems: Problems): void {
  for (const [i, rule] of (rules ?? []).entries()) {
    // One by one: the compiler stops at the first that is wrong
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
    // Every variable of the stream is one of the pending groups too
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
      problems.add(path, say(`${place}: ${error.message}`), FILTER);
    } else if (error instanceof RuleError) {
      const message = error.message.replace(/^rule 1: /, '');
      const [list, index = error.rule - 1] = path;
      const key = error.key === null ? [] : [error.key];
      problems.add([list as string, index, ...key], say(message), error.hint ?? RULE);
    } else {
      throw error;
    }
  }
}
