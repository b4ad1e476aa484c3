// One process plays random sequences of calls on the real kernel and on the simulated one: return values, errnos, bytes
// and poll state are the same at every step. IOPFTOP_DIFF_CALLS says how many calls, IOPFTOP_DIFF_SEED where to begin.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { runBundled } from './bundle.ts';
import { lab } from './lab.ts';
import { isListed, NOT_REACHED } from './not-reached.ts';
import type { Report } from './run.ts';

const CALLS = Number(process.env.IOPFTOP_DIFF_CALLS || 1_000_000);
const SEED = Number(process.env.IOPFTOP_DIFF_SEED || 1);
/** Fewer calls reach less of sim. */
const ENOUGH_FOR_COVERAGE = 300_000;

const found = await lab();
const missing = 'missing' in found ? found.missing : null;

const sourceOf = (file: string): string[] => readFileSync(join(ROOT, 'src/kernel/sim', file), 'utf8').split('\n');

const kinds = (report: Report): string =>
  Object.entries(report.kinds)
    .map(
      ([name, of]) =>
        `  ${name}: ${Object.entries(of)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}`,
    )
    .join('\n');

describe(`${CALLS} calls on both kernels`, () => {
  let report: Report;

  beforeAll(async () => {
    if (missing !== null) return;
    report = await runBundled(CALLS, SEED);
    process.stdout.write(
      `differential run: ${report.calls} calls, seeds ${SEED} to ${report.seed - 1}\n${kinds(report)}\n`,
    );
  }, 24 * 3_600_000);

  test('come to the same', ({ skip }) => {
    if (missing !== null) return skip(missing);
    const { difference } = report;
    if (difference) {
      const { seed, shrinks, log, code } = difference;
      expect.fail(`seed ${seed}, after ${shrinks} shrinks:\n${log.join('\n')}\n\n${code}`);
    }
    expect(report.tainted).toBe(false);
    expect(report.calls).toBeGreaterThanOrEqual(CALLS);
    const outcomes = Object.values(report.kinds).reduce((sum, of) => sum + Object.keys(of).length, 0);
    tellFigure({
      topic: 'The simulated kernel',
      what: 'calls on both kernels, no difference',
      value: `${thousands(report.calls)} in ${thousands(report.sequences)} sequences: ${Object.keys(report.kinds).length} operations, ${outcomes} pairs of operation and outcome`,
      repeat: 'npm run test:kernel -- test/differential',
    });
  });

  test('reach every line of the simulated kernel, but for those that are listed with a reason', ({ skip }) => {
    if (missing !== null) return skip(missing);
    if (CALLS < ENOUGH_FOR_COVERAGE) return skip(`${CALLS} calls are too few to reach everything`);
    const missed = Object.entries(report.missed).flatMap(([file, lines]) => {
      const source = sourceOf(file);
      return lines
        .map((line) => ({ file, text: source[line - 1]?.trim() ?? '' }))
        .filter(({ text }) => /\w/.test(text));
    });
    const unexplained = missed.filter(({ file, text }) => !isListed(file, text));
    expect(unexplained.map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
    const stale = NOT_REACHED.flatMap(({ lines }) =>
      Object.entries(lines).flatMap(([file, texts]) =>
        (texts === 'all' ? [] : texts)
          .filter((text) => !missed.some((one) => one.file === file && one.text === text))
          .map((text) => `${file}: ${text}`),
      ),
    );
    expect(stale).toEqual([]);
    tellFigure({
      topic: 'The simulated kernel',
      what: 'lines of src/kernel/sim that they do not reach, with reasons in not-reached.ts',
      value: thousands(missed.length),
      repeat: 'npm run test:kernel -- test/differential',
    });
  });
});
