// From exec to the first frame, and to the end of --version, in a pseudo-terminal, against `node -e 0`: one of each per round.
// Prints one line of JSON with the milliseconds of each round.
import { installed, inTerminal } from './installed.mjs';

const rounds = Number(process.argv[2] || 10);
/** Each frame of the mock says so. */
const FRAME = /MOCK/;

/** @param {bigint} start */
const since = (start) => Number(process.hrtime.bigint() - start) / 1e6;

/** @param {string} file @param {string[]} args @returns {Promise<number>} milliseconds */
function untilExit(file, ...args) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    inTerminal(file, ...args).onExit(() => resolve(since(start)));
  });
}

/** @param {string} file @param {string[]} args @returns {Promise<number>} milliseconds */
function untilFrame(file, ...args) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = inTerminal(file, ...args);
    let text = '';
    /** @type {number | undefined} */
    let took;
    child.onData((/** @type {string} */ data) => {
      if (took !== undefined) return;
      text += data;
      if (!FRAME.test(text)) return;
      took = since(start);
      child.kill('SIGKILL');
    });
    child.onExit(() => (took === undefined ? reject(new Error(`no frame: ${text}`)) : resolve(took)));
  });
}

const iopftop = installed();
/** @type {{node: number[], frame: number[], version: number[]}} */
const times = { node: [], frame: [], version: [] };
for (let i = 0; i <= rounds; i++) {
  const one = {
    node: await untilExit(process.execPath, '-e', '0'),
    frame: await untilFrame(iopftop),
    version: await untilExit(iopftop, '--version'),
  };
  // The first round warms the page cache.
  if (i > 0) for (const name of /** @type {const} */ (['node', 'frame', 'version'])) times[name].push(one[name]);
}
process.stdout.write(`${JSON.stringify(times)}\n`);
process.exit(0);
