// Resident memory of the program on the mock, without and with a screen, against an idle Node: all three at the same time,
// `resident.mjs ROUNDS` times. Prints one line of JSON with the KiB of each round.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkout } from '../paths.mjs';
import { environment, installed, inTerminal } from './installed.mjs';

/** Until garbage of the start is collected. */
const SETTLE_MS = 10_000;
const rounds = Number(process.argv[2] || 3);

/** @param {number | undefined} pid */
const resident = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

/** Its stdin stays open, and what it prints is read. @param {string} file @param {string[]} args */
function beside(file, ...args) {
  const child = spawn(file, args, { cwd: checkout, env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.resume();
  return child;
}

/** @param {string} iopftop */
async function round(iopftop) {
  const running = {
    // The longest time that a timer of Node takes is 2^31 - 1 ms.
    node: beside(process.execPath, '-e', 'setTimeout(() => {}, 2 ** 31 - 1)'),
    headless: beside(iopftop, '--headless'),
    screen: inTerminal(iopftop),
  };
  running.screen.onData(() => {});
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const measured = {
    node: resident(running.node.pid),
    headless: resident(running.headless.pid),
    screen: resident(running.screen.pid),
  };
  for (const child of Object.values(running)) child.kill('SIGKILL');
  return measured;
}

const iopftop = installed();
/** @type {{node: number[], headless: number[], screen: number[]}} */
const kib = { node: [], headless: [], screen: [] };
for (let i = 0; i < rounds; i++) {
  const one = await round(iopftop);
  for (const name of /** @type {const} */ (['node', 'headless', 'screen'])) kib[name].push(one[name]);
}
process.stdout.write(`${JSON.stringify(kib)}\n`);
process.exit(0);
