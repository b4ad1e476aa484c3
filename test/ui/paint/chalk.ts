// Looks of Ink's properties are made with chalk, which sees no terminal in a test: here it has all of its colours.
import chalk from 'chalk';
import { afterAll, beforeAll } from 'vitest';

export function allColours(): void {
  const { level } = chalk;
  beforeAll(() => {
    chalk.level = 3;
  });
  // Other files of tests share the module
  afterAll(() => {
    chalk.level = level;
  });
}
