// The message about conditions that did not hold at the end.
import type { Expectation } from './run.ts';

/** `expected success == groups: success is 3, groups is 4`, one for each that did not hold. */
export const unmetLines = (expectations: readonly Expectation[] = []): string[] =>
  expectations
    .filter(({ holds }) => !holds)
    .map(({ expr, values, error }) => {
      const said = Object.entries(values).map(([name, value]) => `${name} is ${value}`);
      const why = error === null ? [] : [`it cannot be evaluated: ${error}`];
      return `expected ${expr}: ${[...why, ...said].join(', ') || 'it does not hold'}`;
    });
