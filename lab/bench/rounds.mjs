// Inside the lab: the benchmarks, in each round the C program and then iopftop, all in one boot.
// `rounds.mjs PEER ENGINE ROUNDS FAULTS SAMPLES`; prints one line of JSON.
import { execFileSync } from 'node:child_process';

const [peer = '', engine = '', rounds, faults = '', samples = ''] = process.argv.slice(2);
/** @param {string} file @param {string[]} args */
const run = (file, args) =>
  JSON.parse(execFileSync(file, args, { encoding: 'utf8', timeout: 120_000, stdio: ['ignore', 'pipe', 'inherit'] }));
/** @param {string} mode @param {string} count @returns {import('./report.mjs').Round} */
const both = (mode, count) => ({
  c: run(peer, [mode, count]),
  iopftop: run(process.execPath, [engine, mode, count]),
});

/** @type {import('./report.mjs').Run['lab']} */
const result = { drain: [], latency: [] };
for (let i = 0; i < Number(rounds); i++) {
  result.drain.push(both('drain', faults));
  result.latency.push(both('latency', samples));
}
process.stdout.write(`${JSON.stringify(result)}\n`);
