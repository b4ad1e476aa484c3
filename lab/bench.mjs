// `npm run bench`: iopftop against a C program of the project's own, in one boot of the lab, its start and memory against
// node's, and what its screen costs. With --against: this checkout's screen against another commit's, in turns, without the
// lab. Prints tables. Machines are shared and noisy, so a missed goal is marked and fails nothing; with --strict a value
// beyond its limit does.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../scripts/lib/errors.mjs';
import { folderOfEsModules } from '../scripts/lib/es-modules.mjs';
import { setup } from '../scripts/setup.mjs';
import { compare } from './bench/against/run.mjs';
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

const USAGE = `npm run bench [-- options]
  --short           a quick look: fewer rounds, shorter windows
  --strict          exit status 1 where a value is beyond its limit
  --json FILE       write all values to FILE
  --against COMMIT  compare the screen with that commit's, which is built once in ~/.cache/iopftop/bench
  --only PARTS      with --against: only some of start,keys,warm,heap
  --help            this text
`;

/** @param {string[]} args */
function parse(args) {
  const flag = /** @type {const} */ ({ type: 'boolean', default: false });
  const value = /** @type {const} */ ({ type: 'string' });
  const options = { short: flag, strict: flag, help: flag, json: value, against: value, only: value };
  try {
    const { values } = parseArgs({ args, options });
    if (values.only !== undefined && values.against === undefined) throw new LabError('--only needs --against');
    return { ...values, form: /** @type {keyof typeof SIZES} */ (values.short ? 'short' : 'full') };
  } catch (error) {
    throw new LabError(`${messageOf(error)}\n${USAGE}`);
  }
}

/** @param {keyof typeof SIZES} form */
async function all(form) {
  await build();
  // Before the lab, where the clone may not be written to.
  installed();
  const run = await measure(form);
  const report = rows(run);
  const screen = screenRows(run.screen);
  return {
    text: `${markdown(report)}\n${screenMarkdown(screen)}`,
    rows: [...report.ratios, ...screen],
    json: { ...report, screen, run },
  };
}

/** @param {string[]} args */
async function main(args) {
  const { form, strict, help, json: file, against, only } = parse(args);
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!(await setup())) return 1;
  mkdirSync(work, { recursive: true });
  try {
    const result = await (against === undefined ? all(form) : compare(against, { form, only }));
    process.stdout.write(result.text);
    if (file) writeFileSync(file, `${JSON.stringify(result.json)}\n`);
    const beyond = result.rows.filter((row) => !row.ok);
    for (const row of beyond) process.stdout.write(`beyond its limit: ${row.name}: ${value(row)}\n`);
    return strict && beyond.length > 0 ? 1 : 0;
  } finally {
    // A program that is still ending may write its report meanwhile.
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param {{shown?: string | string[], ratio: number}} row */
const value = ({ shown, ratio }) => (Array.isArray(shown) ? shown.join(' → ') : (shown ?? ratio.toFixed(2)));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}
