// From exec to the first frame, and to the first screen that has all its data, of the program as it is installed.
import { fileURLToPath } from 'node:url';
import { environment } from '../installed.mjs';
import { Screen } from './screen.mjs';
import { inTurns } from './turns.mjs';

const SCENARIO = fileURLToPath(new URL('start.toml', import.meta.url));
const DEVICES = ['bench0', 'bench1'];
/** Where the counter of pending groups is: two. */
const HEADER_ROWS = 3;
const COUNTER = /\bpending\s+2\b/i;

/**
 * Each device has a row of its own, and a row with its fault's address in two panels: pending groups and stream.
 *
 * @param {string[]} rows
 */
export function isComplete(rows) {
  return (
    rows.slice(0, HEADER_ROWS).some((row) => COUNTER.test(row)) &&
    DEVICES.every((name) => {
      const own = rows.filter((row) => new RegExp(`\\b${name}\\b`).test(row));
      const faults = own.filter((row) => /\b0x[0-9a-f]+\b/.test(row)).length;
      return faults >= 2 && own.length > faults;
    })
  );
}

/** @param {string} program @param {import('./screen.mjs').Size} size */
async function start(program, size) {
  /** @type {bigint | undefined} */
  let first;
  const screen = new Screen([program, '--scenario', SCENARIO], size, { PATH: environment.PATH ?? '' });
  const complete = await screen.until('all its data', (at) => {
    const rows = screen.rows();
    if (rows.some((row) => row.trim() !== '')) first ??= at;
    return isComplete(rows);
  });
  await screen.end('SIGKILL');
  /** @param {bigint} at */
  const since = (at) => [Number(at - screen.started) / 1e6];
  return { frame: since(first ?? complete), complete: since(complete) };
}

/**
 * @param {Record<import('./programs.mjs').Side, import('./programs.mjs').Program>} programs
 * @param {import('./screen.mjs').Size} size @param {number} turns
 */
export async function starts(programs, size, turns) {
  // The first of each warms the page cache.
  for (const { installed } of Object.values(programs)) await start(installed, size);
  return inTurns(turns, (side) => start(programs[side].installed, size));
}
