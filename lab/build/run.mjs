// Runs the tools that the build needs, with their output in the build's log.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { codeOf } from '../../scripts/lib/errors.mjs';
import { fail, LabError } from './fail.mjs';

const TAIL = 12;
/** Messages of tools about a full disk or a missing network. */
/** @type {[pattern: RegExp, cause: string][]} */
const KNOWN = [
  [/No space left on device/i, 'the disk is full: free some space (the build needs about 3 GB) and run it again'],
  [
    /Could not resolve|Failed to fetch|Temporary failure|Network is unreachable|Connection (?:refused|timed out)/i,
    'cannot reach the package mirror: check the network and run it again; finished steps are kept',
  ],
];

/**
 * The cause in a tool's output, if it is a known one.
 *
 * @param {string} output @returns {string | undefined}
 */
export const knownCause = (output) => KNOWN.find(([pattern]) => pattern.test(output))?.[1];

/** What to tell the user of a tool's output: a known cause, or its last lines. @param {string} output */
export const explain = (output) => knownCause(output) ?? output.trim().split('\n').slice(-TAIL).join('\n');

/** @param {string} log */
function openLog(log) {
  try {
    return openSync(log, 'a');
  } catch (error) {
    fail(`cannot write ${log} (${codeOf(error)}): set IOPFTOP_LAB_CACHE to a directory of your own`);
  }
}

/** Output of a short command, or undefined where it fails. @param {string} tool @param {string[]} args */
export function capture(tool, args) {
  const done = spawnSync(tool, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 2 ** 26 });
  return done.status === 0 ? done.stdout : undefined;
}

/** @param {string} tool */
export const hasTool = (tool) => capture('sh', ['-c', `command -v ${tool}`]) !== undefined;

/**
 * Runs a command with its output appended to `log`, and returns that; throws a LabError with the cause where it fails.
 *
 * @param {string} tool @param {string[]} args
 * @param {{log: string, cwd?: string, what: string, onLine?: (line: string) => void}} options
 * @returns {Promise<string>}
 */
export function run(tool, args, { log, cwd, what, onLine }) {
  const out = openLog(log);
  const from = readFileSync(log).length;
  const child = spawn(tool, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', onLine ? 'pipe' : out, out],
  });
  if (onLine) readLines(child.stdout, onLine);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      closeSync(out);
      reject(new LabError(`${what} failed: cannot start ${tool} (${codeOf(error)})`));
    });
    child.once('close', () => {
      // It never started: reported above.
      if (child.pid === undefined) return;
      closeSync(out);
      const output = readFileSync(log).subarray(from).toString();
      if (child.exitCode === 0) resolve(output);
      else reject(new LabError(`${what} failed: ${explain(output)}\n(full log: ${log})`));
    });
  });
}

/** @param {import('node:stream').Readable | null} stream @param {(line: string) => void} onLine */
function readLines(stream, onLine) {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
