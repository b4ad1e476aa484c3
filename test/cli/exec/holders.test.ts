// Who has open what a command was handed: real processes, with a device that nobody else has open in this way.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Child } from '../../../src/cli/exec/child.ts';
import { type Holder, holdersOf, lookForHolders, startOf, wantedOf } from '../../../src/cli/exec/holders.ts';

const fds: number[] = [];
const open = (path: string): number => {
  const fd = openSync(path, 'r');
  fds.push(fd);
  return fd;
};
const daemons: number[] = [];
afterEach(() => {
  for (const fd of fds.splice(0)) closeSync(fd);
  for (const pid of daemons.splice(0)) process.kill(pid, 'SIGKILL');
});

const handles = (iommufd: number, device: number) => ({
  iommufd,
  ioasId: 1,
  faultId: 2,
  devices: [{ address: '0000:17:00.0', fd: device, devId: 3, hwptId: 4 }],
});

/** A program that has `given` open from 3 on, and has said so. */
async function holding(given: number[]): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', 'echo; read _'], { stdio: ['pipe', 'pipe', 'ignore', ...given] });
  daemons.push(child.pid as number);
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

const find = (all: readonly Holder[], pid: number | undefined): Holder | undefined =>
  all.find((one) => one.pid === pid);

test('a device by its number, the iommufd by its open file; ourselves never', async () => {
  const [iommufd, device, other] = [open('/dev/null'), open('/dev/full'), open('/dev/null')];
  const wanted = wantedOf(handles(iommufd, device));
  const [both, stranger] = [await holding([iommufd, device]), await holding([other])];
  const all = await lookForHolders(wanted, null);
  expect(find(all, both.pid)).toEqual({ pid: both.pid, comm: 'sh', what: ['0000:17:00.0', 'the iommufd'] });
  expect(find(all, stranger.pid)).toBeUndefined();
  expect(find(all, process.pid)).toBeUndefined();
  // Where that cannot be told it is nobody's.
  expect(
    find(
      holdersOf(wanted, null, () => null),
      both.pid,
    )?.what,
  ).toEqual(['0000:17:00.0']);
});

test('after our own are closed the device is still known', async () => {
  const device = open('/dev/full');
  const wanted = wantedOf(handles(open('/dev/null'), device));
  const child = await holding([device]);
  for (const fd of fds.splice(0)) closeSync(fd);
  expect(find(await lookForHolders(wanted, null), child.pid)?.what).toEqual(['0000:17:00.0']);
});

test('a daemon that has left the session of a command outlives it, and is found', async () => {
  const [iommufd, device] = [open('/dev/null'), open('/dev/full')];
  const output = openSync('/dev/null', 'w');
  fds.push(output);
  const wanted = wantedOf(handles(iommufd, device));
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-holders-'));
  const script = 'mkfifo $DIR/up $DIR/on; setsid sh -c "echo >$DIR/up; read -r _ <>$DIR/on" & read -r _ <$DIR/up';
  const env = { ...process.env, DIR: directory };
  const child = new Child({
    path: '/bin/sh',
    argv: ['sh', '-c', script],
    env,
    output,
    fds: [iommufd, device],
  });
  const since = startOf(child.pid as number);
  await child.ended;
  await child.terminate();
  const all = await lookForHolders(wanted, since);
  daemons.push(...all.map(({ pid }) => pid));
  rmSync(directory, { recursive: true });
  expect(all.map(({ comm, what }) => [comm, what])).toEqual([['sh', ['0000:17:00.0', 'the iommufd']]]);
});
