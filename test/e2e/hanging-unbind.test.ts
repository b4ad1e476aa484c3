// An unbind that the kernel does not return from, in the whole program: what is said, and that a signal leaves with everything
// in place. The driver is given back by the start after one that was killed, which goes the same way as --bind (waitFor).
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { run } from '../helpers/bin.ts';
import { ADDRESS, MadeUpHost, whyNot } from './made-up-host.ts';
import { TestTerminal } from './terminal.ts';

const reason = whyNot();
if (reason !== null) process.stderr.write(`the tests of a hanging unbind are skipped: ${reason}\n`);

const WORDS = `${ADDRESS}: the kernel has not returned from /sys/bus/pci/drivers/vfio-pci/unbind for 2 s; it is waiting in `;
const LEAVES = 'Ctrl-C exits: what must be undone stays recorded, and the next start undoes it';

/** Sends the signal when it says that it waits; stderr, and how it ended. */
function leaveBy(host: MadeUpHost, args: readonly string[], signal: NodeJS.Signals): Promise<[number | null, string]> {
  const [command = '', ...words] = host.command(args);
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    const told = stderr.includes(LEAVES);
    stderr += chunk;
    if (!told && stderr.includes(LEAVES)) child.kill(signal);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve([code, stderr])));
}

/** The next start, once the driver has let go: everything is as it was before. */
async function undone(host: MadeUpHost): Promise<void> {
  expect(host.records).toHaveLength(1);
  expect(host.given).toEqual({ override: 'vfio-pci', bind: '' });
  host.letGo();
  const [command = '', ...words] = host.command(['--headless', '--device', ADDRESS]);
  await run(command, words);
  expect(host.records).toEqual([]);
  expect(host.given).toEqual({ override: '', bind: ADDRESS });
}

describe.skipIf(reason !== null)('an unbind that does not return', () => {
  it.each([
    ['headless', ['--headless', '--device', ADDRESS], 'SIGINT'],
    ['exec', ['exec', '--device', ADDRESS, '--', 'true'], 'SIGTERM'],
  ] as const)('$0, $2', async (_, args, signal) => {
    const host = new MadeUpHost();
    const [code, stderr] = await leaveBy(host, args, signal);
    expect(code).toBe(128 + constants.signals[signal]);
    expect(stderr).toContain(WORDS);
    expect(stderr).not.toMatch(/^ {4}at /m);
    await undone(host);
  });

  it('on the screen the words can be read, and the terminal is as it was', async () => {
    const host = new MadeUpHost();
    const quoted = host.command(['--device', ADDRESS]).map((word) => `'${word}'`);
    // The shell around it gets the Ctrl-C, too.
    const terminal = new TestTerminal(`trap : INT; ${quoted.join(' ')}`, { columns: 120, rows: 40 });
    const flat = (screen: string) => screen.replaceAll('\n', '');
    await terminal.until((screen) => flat(screen).includes(LEAVES));
    expect(flat(terminal.text())).toContain(WORDS);
    terminal.press('\x03');
    const after = await terminal.until(/EXIT=130/);
    expect(after).toMatch(/\bicanon\b/);
    expect(after).not.toMatch(/-icanon|-echo\b/);
    expect(terminal.xterm.buffer.active.type).toBe('normal');
    await undone(host);
  });
});
