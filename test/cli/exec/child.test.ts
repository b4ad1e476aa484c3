// The command as a process. Nothing here waits for a time: each waits for a line or for the end.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Child } from '../../../src/cli/exec/child.ts';

let directory = '';
let output = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iopftop-child-'));
  output = openSync(join(directory, 'out'), 'w+');
});
afterEach(() => {
  closeSync(output);
  rmSync(directory, { recursive: true });
});

const child = (script: string, graceMs?: number, fds: number[] = []): Child =>
  new Child(
    { path: '/bin/sh', argv: ['sh', '-c', script], env: { ...process.env, DIR: directory }, output, fds },
    graceMs,
  );
const written = (): string => readFileSync(join(directory, 'out'), 'utf8');

/** Resolves with what connects to a socket in the directory: how a script says that it is ready. */
function ready(): { path: string; connected: Promise<Socket>; close: () => void } {
  const path = join(directory, 'ready');
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  server.listen(path);
  return { path, connected, close: () => server.close() };
}

/** A command that says so once it ignores SIGTERM. */
const stubborn = (path: string): string =>
  `exec ${process.execPath} -e "process.on('SIGTERM', () => {}); require('net').connect('${path}')"`;

test('its exit code', async () => {
  expect(await child('exit 5').ended).toEqual({ code: 5 });
});

test('by a signal: 128 and its number', async () => {
  expect(await child('kill -SEGV $$').ended).toEqual({ code: 139 });
});

test('stdin is empty, its output goes where it is told, descriptors are where they are said to be', async () => {
  const fd = openSync('/proc/self/status', 'r');
  await child('cat; echo out; echo err >&2; readlink /proc/self/fd/3 | sed s,/.*/,,', undefined, [fd]).ended;
  closeSync(fd);
  expect(written()).toBe('out\nerr\nstatus\n');
});

test('what cannot be started', async () => {
  const failed = new Child({ path: join(directory, 'none'), argv: ['none'], env: {}, output, fds: [] });
  expect(await failed.ended).toEqual({ failed: 'ENOENT' });
  await failed.terminate();
  expect(failed.end).toEqual({ failed: 'ENOENT' });
});

test('signals that are to be ignored are so from its first line on, and no others', async () => {
  const request = { path: '/bin/sh', env: process.env, output, fds: [] };
  const script = 'grep SigIgn /proc/self/status; echo "$0 $1"; exit 3';
  expect(await new Child({ ...request, argv: ['sh', '-c', script, 'a b', '$c'], ignored: [1, 13] }).ended).toEqual({
    code: 3,
  });
  expect(written()).toBe('SigIgn:\t0000000000001001\na b $c\n');
  await new Child({ ...request, argv: ['sh', '-c', script] }).ended;
  expect(written()).toContain('SigIgn:\t0000000000000000\n');
});

test('real-time signals, which a shell may not know, are not among them', async () => {
  const request = { path: '/bin/sh', argv: ['sh', '-c', 'grep SigIgn /proc/self/status'], env: process.env, output };
  expect(await new Child({ ...request, fds: [], ignored: [1, 32, 33, 34, 64] }).ended).toEqual({ code: 0 });
  expect(await new Child({ ...request, fds: [], ignored: [34] }).ended).toEqual({ code: 0 });
  expect(written()).toBe('SigIgn:\t0000000000000001\nSigIgn:\t0000000000000000\n');
});

test('SIGTERM ends it', async () => {
  const one = child('sleep 1000');
  await one.terminate();
  expect(one.end).toEqual({ code: 143 });
});

test('a stopped one is let go on, to end', async () => {
  const one = child('kill -STOP $$; echo went on');
  await one.terminate();
  expect(one.end).toEqual({ code: 143 });
});

test('SIGKILL ends what does not want to', async () => {
  const { path, connected, close } = ready();
  const one = child(stubborn(path), 0);
  await connected;
  await one.terminate();
  close();
  expect(one.end).toEqual({ code: 137 });
});

test('what it has left behind goes, too', async () => {
  const { path, connected, close } = ready();
  const one = child(`${process.execPath} -e "require('net').connect('${path}')" & exit 0`);
  const left = await connected;
  expect(await one.ended).toEqual({ code: 0 });
  const gone = new Promise((resolve) => left.on('close', resolve).resume());
  await one.terminate();
  await gone;
  close();
});

test('so does what is in its session and in another process group', async () => {
  const { path, connected, close } = ready();
  const one = child(`set -m; ${process.execPath} -e "require('net').connect('${path}')" & exit 0`);
  const left = await connected;
  expect(await one.ended).toEqual({ code: 0 });
  const gone = new Promise((resolve) => left.on('close', resolve).resume());
  await one.terminate();
  await gone;
  close();
});
