import { TestRunner } from 'vitest';

/** Whether the tests with the tag "long" run, too (vitest.config.ts). Where they do not, those that play seeds play fewer. */
export const LONG_TOO = TestRunner.matchesTags(['long']);
