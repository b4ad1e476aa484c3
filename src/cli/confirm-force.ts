// --force on a terminal: iopftop lists what it cannot see about a device, and the user must type its address. Without a
// terminal to ask on, naming the device with --force is the confirmation.
import { findDevice } from '../host/find.ts';
import { oneLine } from '../text/one-line.ts';
import type { Given } from './given.ts';
import { kernelOf } from './host-files.ts';
import { typed } from './rescue/ask.ts';

/** Returns whether to continue: false if the user was asked and did not say yes. Throws DeviceNotFound. */
export async function confirmForce(given: Given): Promise<boolean> {
  const names = Array.isArray(given.force) ? given.force.map(String) : [];
  if (names.length === 0 || !process.stdin.isTTY || !process.stderr.isTTY) return true;
  const { files } = await kernelOf(given);
  for (const name of names) {
    const { address, unseenUses } = findDevice(files, name);
    if (unseenUses.length === 0) continue;
    const lines = unseenUses.map((use) => `  - ${oneLine(use)}\n`).join('');
    process.stderr.write(`${oneLine(address)} may be in use, which cannot be seen from here:\n${lines}`);
    const question = `If it is, its user loses it. Type ${oneLine(address)} to take it anyway: `;
    const terminal = { input: process.stdin, output: process.stderr };
    if (!(await typed(question, address, terminal, new AbortController().signal))) return false;
  }
  return true;
}
