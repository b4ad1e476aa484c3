// `npm run trust [-- --long]`: runs every test that reports figures, on the simulated kernel and in the lab on the real
// one, and writes what they counted into docs/trust.md. Nothing is written where a test fails.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './lib/fresh.cjs';
import { page, readFigures } from './trust/page.mjs';
import { LONG } from './trust/sizes.mjs';

const USAGE = `npm run trust [-- --long]
Runs the tests that report figures (npm test and npm run test:kernel run them too), and writes docs/trust.md.

  --long    their long forms: hours instead of minutes
`;
const DOCUMENT = join(ROOT, 'docs', 'trust.md');
const IN_LAB = /^test\/(contract|differential|lab-kernel)\//;
const IN_LAB_ONLY = /^test\/lab-kernel\//;

/** The test files that report figures, by what they import. */
function tests() {
  return readdirSync(join(ROOT, 'test'), { recursive: true })
    .map((path) => `test/${path}`)
    .filter((path) => /\.test\.tsx?$/.test(path))
    .filter((path) => /\btellFigure\(/.test(readFileSync(join(ROOT, path), 'utf8')))
    .sort();
}

/** @param {string} script @param {string[]} files @param {NodeJS.ProcessEnv} env */
function run(script, files, env) {
  const done = spawnSync(process.execPath, [join(ROOT, script), ...files], { cwd: ROOT, stdio: 'inherit', env });
  return done.status === 0;
}

function kernelVersion() {
  const args = [join(ROOT, 'lab/lab.mjs'), '--', 'uname', '-sr'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
}

/** @param {string[]} args */
const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

/** @param {string[]} args */
function main(args) {
  const unknown = args.find((arg) => arg !== '--long');
  if (unknown !== undefined) {
    process.stderr.write(`trust: there is no option ${unknown}\n${USAGE}`);
    return 2;
  }
  const long = args.includes('--long');
  const files = tests();
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-trust-'));
  const told = join(directory, 'figures');
  writeFileSync(told, '');
  try {
    const env = { ...process.env, ...(long ? LONG : {}), IOPFTOP_FIGURES: told };
    const outside = files.filter((file) => !IN_LAB_ONLY.test(file));
    const inside = files.filter((file) => IN_LAB.test(file));
    const passed = [run('scripts/test.mjs', outside, env), run('lab/test-kernel.mjs', inside, env)];
    if (passed.includes(false)) {
      process.stderr.write(`trust: a test has failed; ${DOCUMENT} stays as it was\n`);
      return 1;
    }
    /** @type {import('./trust/page.mjs').About} */
    const about = {
      date: new Date().toISOString().slice(0, 10),
      commit: git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') ? ', changed' : ''),
      kernel: kernelVersion(),
      node: process.version,
      form: long ? 'long' : 'short',
    };
    writeFileSync(DOCUMENT, page(readFigures(readFileSync(told, 'utf8')), about));
    process.stdout.write(`trust: ${DOCUMENT} is written\n`);
    return 0;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = main(process.argv.slice(2));
