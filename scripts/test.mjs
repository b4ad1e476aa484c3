// `npm test`: sets up, runs vitest, says what was skipped and why, and ends with "N passed, N failed[, N skipped]".
// The tests with the tag "long" are left out, and those that play seeds play fewer of them, unless `--all` is given or a
// folder or file is named: `npm test -- test/cli`. Other arguments go to vitest.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseTests, leftOut } from './lib/choose-tests.mjs';
import { ROOT } from './lib/fresh.cjs';
import { setup } from './setup.mjs';

const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
const REPORTER = join(ROOT, 'scripts', 'lib', 'test-reporter.mjs');

/** @param {string[]} args @param {string} report @returns {Promise<number>} the exit status */
function runVitest(args, report) {
  const flags = ['run', '--reporter=default', `--reporter=${REPORTER}`, ...args];
  const child = spawn(process.execPath, [VITEST, ...flags], {
    cwd: ROOT,
    stdio: 'inherit',
    // `_` says that nohup started us, where it did: programs that the tests start must not ignore SIGHUP because of it.
    env: { ...process.env, _: VITEST, IOPFTOP_TEST_REPORT: report },
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

/** @param {string} path @returns {import('./lib/test-reporter.mjs').Report | null} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

async function main() {
  if (!(await setup())) return 1;
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-test-'));
  const path = join(directory, 'report.json');
  const code = await runVitest(chooseTests(process.argv.slice(2)), path);
  const report = readReport(path);
  rmSync(directory, { recursive: true, force: true });
  if (!report) {
    process.stdout.write('the tests did not finish\n0 passed, 1 failed\n');
    return 1;
  }
  for (const { name, reason } of report.skipped) process.stdout.write(`skipped: ${name}: ${reason}\n`);
  process.stdout.write(leftOut(report.long));
  // vitest can fail without a failed test, for example after an unhandled error.
  const failed = code !== 0 && report.failed === 0 ? 1 : report.failed;
  const skipped = report.skipped.length > 0 ? `, ${report.skipped.length} skipped` : '';
  process.stdout.write(`${report.passed} passed, ${failed} failed${skipped}\n`);
  return failed > 0 ? 1 : 0;
}

process.exitCode = await main();
