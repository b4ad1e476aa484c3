// `iopftop exec` on the real kernel: a C driver with a device open in it, who ends first, and what is left.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { BIN, iopftop, parseLines } from '../helpers/bin.ts';
import { labExamples } from './examples.ts';
import { Program } from './program.ts';

const examples = labExamples();
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const driver = (): string => examples.path('exec-driver');
const exec = (...args: string[]) => iopftop(['exec', '--headless', '--device', 'vfio0', ...args]);

/** A command that connects to a socket and waits there: what connects says that it runs, and its end that it does not. */
async function waiting(): Promise<{ command: string[]; connected: Promise<Socket> }> {
  const path = join(examples.directory, 'ready');
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  closing.push(() => server.close());
  return { command: [process.execPath, '-e', `require('net').connect('${path}')`], connected };
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on('error', () => {});
    socket.once('close', () => resolve()).resume();
  });

/** Nobody holds the device: it can be bound and attached again. */
async function expectFree(): Promise<void> {
  const { code, stderr } = await exec('--', 'true');
  expect([code, stderr]).toEqual([0, '']);
}

it('the driver finds its device, and its faults are answered to the last', async () => {
  const journal = join(examples.directory, 'journal');
  const { code, lines, stderr } = await exec('--answer', 'success', '--journal', journal, '--', driver(), '200');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^iommufd 3, IOAS \d+, devices iommufd_mock0:4:\d+:\d+\n/);
  expect(stderr).toContain('raised 200 faults\n');
  expect(lines.at(-1)).toMatchObject({ reason: 'command', counters: { faults: 200, success: 200, pending: 0 } });
  const entries = parseLines(readFileSync(journal, 'utf8'));
  expect(entries).toContainEqual(expect.objectContaining({ action: 'command-ended' }));
  await expectFree();
});

it('two devices, by their variables', async () => {
  const { code, stderr } = await exec(
    '--device',
    'vfio1',
    '--',
    '/bin/sh',
    '-c',
    'readlink /proc/$$/fd/[345]; echo $IOPFTOP_DEVICES',
  );
  expect(code).toBe(0);
  const [links, variables] = [stderr.split('\n').slice(0, 3), stderr.split('\n')[3]];
  expect(links).toEqual(['/dev/iommu', '/dev/vfio/devices/vfio0', '/dev/vfio/devices/vfio1']);
  expect(variables).toMatch(/^iommufd_mock0:4:\d+:\d+,iommufd_mock1:5:\d+:\d+$/);
});

it.each([
  ['exit 7', 7],
  ['kill -SEGV $$', 139],
])('its exit code is that of the command: %s', async (script, code) => {
  const out = join(examples.directory, 'out');
  const ran = await exec('--output', out, '--', '/bin/sh', '-c', `echo said; ${script}`);
  expect(ran.code).toBe(code);
  expect(readFileSync(out, 'utf8')).toBe('said\n');
  expect(ran.stderr).toBe(`iopftop: /bin/sh ended with ${code}; its output is in ${out}\niopftop:   said\n`);
});

it.each(['quit', 'SIGINT', 'SIGTERM'] as const)(
  '%s: the command is ended before the device is taken from it',
  async (how) => {
    const { command, connected } = await waiting();
    const program = new Program(process.execPath, [BIN, 'exec', '--headless', '--device', 'vfio0', '--', ...command]);
    const socket = await connected;
    let alive = true;
    void ended(socket).then(() => {
      alive = false;
    });
    if (how === 'quit') program.say('{"cmd":"quit"}');
    else program.child.kill(how);
    await program.summary();
    expect(alive).toBe(false);
    expect(await program.ended).toBe({ quit: 0, SIGINT: 130, SIGTERM: 143 }[how]);
    await expectFree();
  },
);

it('a command that is not there: nothing was attached', async () => {
  const { code, stderr } = await exec('--', 'no-such-driver');
  expect(code).toBe(127);
  expect(stderr).toBe(
    'iopftop: exec: there is no command "no-such-driver": it is in no directory of $PATH: give its path\n',
  );
  await expectFree();
});

it('a script whose interpreter is not there: nothing was attached', async () => {
  const script = join(examples.directory, 'script');
  writeFileSync(script, '#!/bin/sh\r\necho hi\r\n', { mode: 0o755 });
  const { code, lines, stderr } = await exec('--', script);
  expect([code, lines.map(({ type }) => type)]).toEqual([127, ['error']]);
  expect(stderr).toContain('its interpreter "/bin/sh\\r" is not there: its lines end with CR LF');
});

it('a daemon that keeps the device is told, with its PID, and the exit code says so', async () => {
  const fifo = join(examples.directory, 'up');
  const daemon = `setsid sh -c 'echo $$ >${fifo}; read -r _ <>${fifo}2' >/dev/null 2>&1`;
  const script = `mkfifo ${fifo} ${fifo}2; ${daemon} & read -r pid <${fifo}; echo pid $pid`;
  const journal = join(examples.directory, 'journal');
  const { code, lines, stderr } = await exec('--journal', journal, '--', '/bin/sh', '-c', script);
  const pid = Number(/^pid (\d+)$/m.exec(stderr)?.[1]);
  const text = `sh (PID ${pid}), left behind by /bin/sh, still has iommufd_mock0 and the iommufd open: its faults are no longer answered`;
  expect(code).toBe(7);
  expect(stderr).toContain(`iopftop: ${text}; end it to free them (kill ${pid})\n`);
  expect(lines).toContainEqual(expect.objectContaining({ type: 'notice', what: 'left-behind', pid, text }));
  expect(parseLines(readFileSync(journal, 'utf8'))).toContainEqual(
    expect.objectContaining({ action: 'left-behind', pid }),
  );
  const held = await exec('--', 'true');
  expect([held.code, held.stderr]).toEqual([1, expect.stringContaining('vfio0')]);
  process.kill(pid, 'SIGKILL');
  while (existsSync(`/proc/${pid}/fd/3`)) await new Promise((resolve) => setImmediate(resolve));
  await expectFree();
});

it('a device that is not there: the command does not begin', async () => {
  const { code, stderr } = await iopftop([
    'exec',
    '--headless',
    '--device',
    'vfio9',
    '--',
    'touch',
    join(examples.directory, 'begun'),
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('there is no device "vfio9"');
  expect(() => statSync(join(examples.directory, 'begun'))).toThrow();
});

it('kill -9: the command goes on with the devices, and they are free when it has ended', async () => {
  const { command, connected } = await waiting();
  const program = new Program(process.execPath, [BIN, 'exec', '--headless', '--device', 'vfio0', '--', ...command]);
  const socket = await connected;
  program.child.kill('SIGKILL');
  await new Promise((resolve) => program.child.once('exit', resolve));
  const held = await exec('--', 'true');
  expect([held.code, held.stderr]).toEqual([1, expect.stringContaining('vfio0')]);
  const over = ended(socket);
  socket.destroy();
  await over;
  await program.ended;
  await expectFree();
});

it('on the screen its output is in a file for its owner, which is told at the end', async () => {
  const script = 'echo one; echo two >&2; exit 3';
  const command = `${process.execPath} ${BIN} exec --device vfio0 -- /bin/sh -c '${script}'`;
  const terminal = new TestTerminal(command, { columns: 120, env: { TMPDIR: examples.directory } });
  expect(await terminal.exitCode()).toBe(3);
  expect(terminal.restored()).toBe(true);
  const [, path] = /sh ended with 3; its output is in (\S+)/.exec(terminal.text()) ?? [];
  expect(readFileSync(path as string, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path as string).mode & 0o777).toBe(0o600);
  expect(terminal.text()).toMatch(/iopftop: {3}one\niopftop: {3}two/);
});

it('a key on the screen ends the command first', async () => {
  const { command, connected } = await waiting();
  const words = command.map((word) => `"${word}"`).join(' ');
  const terminal = new TestTerminal(`${process.execPath} ${BIN} exec --device vfio0 -- ${words}`, {
    env: { TMPDIR: examples.directory },
  });
  const socket = await connected;
  const over = ended(socket);
  await terminal.until('q quit');
  terminal.press('q');
  await terminal.until(/is ended first/);
  terminal.press('\x1b[B\r');
  await over;
  expect(await terminal.exitCode()).toBe(0);
  await expectFree();
});
