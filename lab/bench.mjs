// `npm run bench [-- --short] [-- --strict] [-- --json FILE]`: iopftop against a C program of the project's own, in one
// boot of the lab, its start and memory against node's, and what its screen costs. Prints tables. Machines are shared and noisy, so a goal that is missed is said and fails
// nothing; with --strict a ratio beyond its limit does.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOfEsModules } from '../scripts/lib/es-modules.mjs';
import { setup } from '../scripts/setup.mjs';
import { installed } from './bench/installed.mjs';
import { markdown, rows } from './bench/report.mjs';
import { screenMarkdown, screenRows } from './bench/screen/rows.mjs';
import { LabError } from './build/fail.mjs';
import { build } from './build/steps.mjs';
import { checkout, here, labPaths } from './paths.mjs';

const SIZES = {
  full: { rounds: 7, faults: 100_000, samples: 20_000, starts: 15, resident: 3, history: 1_000_000, more: 10_000_000 },
  short: { rounds: 3, faults: 100_000, samples: 5_000, starts: 10, resident: 1, history: 1_000_000, more: 2_000_000 },
};

/** Inside the checkout, so that koffi is found; dist/ is ignored by git. */
const work = join(checkout, 'dist', 'bench');

/** @param {ReturnType<typeof labPaths>} paths */
function buildPeer(paths) {
  const peer = join(work, 'peer');
  const include = ['-I', paths.include, '-I', paths.directory];
  execFileSync('gcc', ['-O2', '-pthread', ...include, '-o', peer, join(checkout, 'test/bench/peer.c')]);
  return peer;
}

async function buildEngine() {
  const esbuild = await import('esbuild');
  folderOfEsModules(work);
  await esbuild.build({
    absWorkingDir: checkout,
    entryPoints: { engine: 'test/bench/engine.ts', worker: 'test/bench/latency-worker.ts' },
    outdir: work,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['koffi'],
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error',
  });
  return join(work, 'engine.js');
}

/** What a program prints, which is one JSON value. @param {string} what @param {string[]} args */
function json(what, args) {
  process.stderr.write(`bench: ${what}\n`);
  const done = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (done.status !== 0) throw new LabError(`${what}: exit status ${done.status}\n${done.stdout}`);
  return JSON.parse(done.stdout);
}

/** @param {keyof typeof SIZES} form */
async function measure(form) {
  const size = SIZES[form];
  const peer = buildPeer(labPaths());
  const engine = await buildEngine();
  /** @param {string[]} args */
  const lab = (args) => [join(here, 'lab.mjs'), '--', 'node', ...args];
  const numbers = [size.rounds, size.faults, size.samples].map(String);
  const startup = [join(here, 'bench/startup.mjs'), String(size.starts)];
  return {
    faults: size.faults,
    lab: json('drain and latency, in the lab', lab([join(here, 'bench/rounds.mjs'), peer, engine, ...numbers])),
    startup: { lab: json('start-up, in the lab', lab(startup)), host: json('start-up, outside', startup) },
    resident: json('resident memory, outside', [join(here, 'bench/resident.mjs'), String(size.resident)]),
    screen: json('the screen, outside', [join(here, 'bench/screen/run.mjs'), form]),
    memory: json('memory', ['--expose-gc', engine, 'memory', String(size.history), String(size.more)]),
  };
}

/** @param {string[]} args */
async function main(args) {
  const form = args.includes('--short') ? 'short' : 'full';
  const file = args.includes('--json') ? args[args.indexOf('--json') + 1] : undefined;
  if (!(await setup())) return 1;
  await build();
  mkdirSync(work, { recursive: true });
  try {
    // Before the lab, where the clone may not be written to.
    installed();
    const run = await measure(form);
    const report = rows(run);
    const screen = screenRows(run.screen);
    process.stdout.write(`${markdown(report)}\n${screenMarkdown(screen)}`);
    if (file) writeFileSync(file, `${JSON.stringify({ ...report, screen, run })}\n`);
    const beyond = [...report.ratios, ...screen].filter((r) => !r.ok);
    for (const row of beyond) {
      process.stdout.write(`beyond its limit: ${row.name}: ${'shown' in row ? row.shown : row.ratio.toFixed(2)}\n`);
    }
    return args.includes('--strict') && beyond.length > 0 ? 1 : 0;
  } finally {
    // a program that still ends may write its report meanwhile
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}
