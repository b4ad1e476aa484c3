// A vitest reporter that writes the counts, the reasons of skipped tests and how many long ones were left out to
// $IOPFTOP_TEST_REPORT.
import { writeFileSync } from 'node:fs';

/** @typedef {{passed: number, failed: number, skipped: {name: string, reason: string}[], long: number}} Report */

/**
 * @import { Reporter, TestCase, TestModule } from 'vitest/node'
 * @implements {Reporter}
 */
export default class CountReporter {
  #withoutLong = false;

  /** @param {import('vitest/node').Vitest} vitest */
  onInit({ config }) {
    this.#withoutLong = config.tagsFilter?.includes('!long') ?? false;
  }

  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Report} */
    const report = { passed: 0, failed: unhandledErrors.length, skipped: [], long: 0 };
    for (const module of modules) {
      // A file that does not load has no tests to count.
      report.failed += module.errors().length;
      for (const suite of module.children.allSuites()) report.failed += suite.errors().length;
      for (const test of module.children.allTests()) this.#count(test, report);
    }
    if (process.env.IOPFTOP_TEST_REPORT) writeFileSync(process.env.IOPFTOP_TEST_REPORT, JSON.stringify(report));
  }

  /** @param {TestCase} test @param {Report} report */
  #count(test, report) {
    const result = test.result();
    const { state } = result;
    const note = 'note' in result ? result.note : undefined;
    if (state === 'passed') report.passed++;
    else if (state === 'failed') report.failed++;
    else if (this.#withoutLong && test.tags.includes('long')) report.long++;
    else
      report.skipped.push({ name: test.fullName, reason: note ?? (state === 'skipped' ? 'no reason given' : state) });
  }
}
