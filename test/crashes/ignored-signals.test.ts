// Signals that whoever starts the program has ignored (nohup, `cmd &` in a script), and variables that only Node obeys.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { expect, it, test } from 'vitest';
import { signalsIn, takeFrom } from '../../src/inherited.ts';
import { selectedGroup } from '../e2e/look.ts';
import { TestTerminal } from '../e2e/terminal.ts';
import { BIN, ROOT, run } from '../helpers/bin.ts';

const NO_CONFIG = { ...process.env, XDG_CONFIG_HOME: '/nonexistent' };

/** bin/iopftop as a shell with these signals ignored starts it: its exit code, and the reason of its end. */
function headless(
  ignored: string,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; reason: string; stderr: string }> {
  const script = `trap '' ${ignored}; exec "$0" --headless --scenario stuck --stream none`;
  const child = spawn('/bin/sh', ['-c', script, BIN], {
    cwd: ROOT,
    env: NO_CONFIG,
    stdio: 'pipe',
  });
  let text = '';
  let sent = false;
  let stderr = '';
  child.stderr.on('data', (piece) => {
    stderr += piece;
  });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (piece) => {
    text += piece;
    if (sent || !text.includes('\n')) return;
    sent = true;
    child.kill(signal);
    child.stdin.end('{"cmd":"quit","onExit":"invalid"}\n');
  });
  return new Promise((resolve) =>
    child.on('close', (code) =>
      resolve({ code, reason: JSON.parse(text.trimEnd().split('\n').at(-1) ?? '').reason, stderr }),
    ),
  );
}

it.each(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2', 'SIGALRM'] as const)(
  '%s, ignored at the start, stays so',
  async (signal) => {
    expect(await headless(signal.slice(3), signal)).toMatchObject({ code: 0, reason: 'quit' });
  },
);

it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('%s ends a run where others are ignored', async (signal) => {
  const others = ['HUP', 'INT', 'TERM'].filter((name) => name !== signal.slice(3));
  const { code, reason } = await headless(others.join(' '), signal);
  expect([code, reason]).toEqual([128 + constants.signals[signal], 'signal']);
});

it('SIGUSR1 opens no debugger', async () => {
  expect(await headless('PIPE', 'SIGUSR1')).toEqual({ code: 0, reason: 'quit', stderr: '' });
});

it('on the screen, too', async () => {
  const terminal = new TestTerminal(`(trap '' HUP INT TERM TSTP; exec ${BIN} --scenario stuck --seed 1)`, {
    columns: 100,
    rows: 30,
  });
  await terminal.until((screen) => selectedGroup(screen) > 0);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGTSTP'] as const) terminal.signal(signal);
  terminal.press('q');
  await terminal.until('▶ Cancel');
  terminal.press('\x1b[B\x1b[B');
  await terminal.until('▶ Quit, answer INVALID');
  terminal.press('\r');
  expect(await terminal.exitCode()).toBe(0);
});

test('a signal set of procfs', () => {
  expect(signalsIn('0000000000001003')).toEqual([1, 2, 13]);
  expect(signalsIn('8000000000000000')).toEqual([64]);
  expect(signalsIn('')).toEqual([]);
  expect(signalsIn('none')).toEqual([]);
});

test('only what was said of this process is believed, and nothing of it is left', () => {
  const env = { IOPFTOP_STARTED: '7:0000000000000003', IOPFTOP_USER_NODE_OPTIONS: '--title=x', HOME: '/' };
  const [mine, others] = [{ ...env }, { ...env }];
  expect(takeFrom(mine, 7)).toEqual({ ignored: [1, 2], put: { NODE_OPTIONS: '--title=x' } });
  expect(takeFrom(others, 8)).toEqual({ ignored: [], put: {} });
  expect([mine, others]).toEqual([{ HOME: '/' }, { HOME: '/' }]);
});

test('started by node itself, nohup is known by what a shell writes into _', () => {
  expect(takeFrom({ _: '/usr/bin/nohup' }, 7).ignored).toEqual([constants.signals.SIGHUP]);
  expect(takeFrom({ _: '/usr/bin/nohup', IOPFTOP_STARTED: '7:0' }, 7).ignored).toEqual([]);
  expect(takeFrom({ _: '/usr/bin/node' }, 7).ignored).toEqual([]);
});

it.each([
  ['NODE_OPTIONS', '--require /nothing/at/all --inspect=0'],
  ['NODE_CHANNEL_FD', '77'],
  ['NODE_DEBUG', 'worker,module'],
  ['OPENSSL_CONF', '/nothing'],
  ['NODE_REDIRECT_WARNINGS', '/nothing/there'],
])('%s=%s does nothing', async (name, value) => {
  const { code, stdout, stderr } = await run(BIN, ['--list-scenarios'], { env: { ...NO_CONFIG, [name]: value } });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('stuck');
});

it('without node in $PATH', async () => {
  const { code, stderr } = await run(BIN, ['--version'], { env: { PATH: '/nothing' } });
  expect([code, stderr]).toEqual([
    127,
    expect.stringContaining('needs Node 20.19 or later, and no directory of $PATH'),
  ]);
});
