// From exec to the first frame, in a pseudo-terminal, against `node -e 0` in the same: one round of each in turn.
// Prints one line of JSON with the milliseconds of every round.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkout } from '../paths.mjs';

const pty = createRequire(join(checkout, 'package.json'))('@homebridge/node-pty-prebuilt-multiarch');
const rounds = Number(process.argv[2] || 10);
/** Every frame says so where the mock is shown. */
const FRAME = /MOCK/;

/** @param {bigint} start */
const since = (start) => Number(process.hrtime.bigint() - start) / 1e6;

/** @typedef {import('@homebridge/node-pty-prebuilt-multiarch').IPty} Pty */

/** @param {string[]} args @returns {Pty} */
function spawn(args) {
  const env = { ...process.env, TERM: 'xterm-256color' };
  return pty.spawn(process.execPath, args, { cols: 120, rows: 40, cwd: checkout, env });
}

/** @param {string[]} args @returns {Promise<number>} milliseconds */
function untilExit(args) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    spawn(args).onExit(() => resolve(since(start)));
  });
}

/** @param {string[]} args @returns {Promise<number>} milliseconds */
function untilFrame(args) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(args);
    let text = '';
    /** @type {number | undefined} */
    let took;
    child.onData((data) => {
      if (took !== undefined) return;
      text += data;
      if (!FRAME.test(text)) return;
      took = since(start);
      child.kill('SIGKILL');
    });
    child.onExit(() => (took === undefined ? reject(new Error(`no frame: ${text}`)) : resolve(took)));
  });
}

const iopftop = [join(checkout, 'bin/iopftop')];
/** @type {{node: number[], iopftop: number[]}} */
const times = { node: [], iopftop: [] };
for (let i = 0; i <= rounds; i++) {
  const one = { node: await untilExit(['-e', '0']), iopftop: await untilFrame(iopftop) };
  // The first round warms the page cache.
  if (i > 0) for (const name of /** @type {const} */ (['node', 'iopftop'])) times[name].push(one[name]);
}
process.stdout.write(`${JSON.stringify(times)}\n`);
process.exit(0);
