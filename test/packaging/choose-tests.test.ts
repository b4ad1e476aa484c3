// Which tests `npm test` runs, and that none is left out without a word.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { chooseTests, leftOut } from '../../scripts/lib/choose-tests.mjs';
import { ROOT } from '../helpers/bin.ts';

it.each([
  [[], ['--tags-filter=!long']],
  [['--bail=1'], ['--tags-filter=!long', '--bail=1']],
  [['--all'], []],
  [['--all', '--bail=1'], ['--bail=1']],
  [['test/e2e'], ['test/e2e']],
  [
    ['test/e2e/keys.test.ts', '--bail=1'],
    ['test/e2e/keys.test.ts', '--bail=1'],
  ],
])('npm test -- %j', (args, chosen) => expect(chooseTests(args)).toEqual(chosen));

it('how many were left out is said, with the command that runs them', () => {
  expect(leftOut(7)).toMatch(/^7 long tests were not run, .*npm test -- --all/);
  expect(leftOut(0)).toBe('');
});

it('the reporter counts what the tag leaves out, and not as skipped', () => {
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-choose-'));
  try {
    const report = join(directory, 'report.json');
    const reporter = join(ROOT, 'scripts/lib/test-reporter.mjs');
    const args = ['run', `--reporter=${reporter}`, '--tags-filter=!long', 'test/security/screen.test.ts'];
    const env = { ...process.env, IOPFTOP_TEST_REPORT: report };
    spawnSync(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: ROOT, env });
    const { long, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
    expect(counts).toEqual({ passed: 0, failed: 0, skipped: [] });
    expect(long).toBeGreaterThan(10);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
