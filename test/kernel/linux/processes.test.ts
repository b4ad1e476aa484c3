// The calls that reach other processes, on the kernel that runs the tests: none of them needs iommufd.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Open, Poll } from '../../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../../src/kernel/linux/linux.ts';
import { type Processes, Signal } from '../../../src/kernel/processes.ts';
import { hasEnded } from '../../../src/process/open-process.ts';
import { isSameFile } from '../../../src/process/same-file.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { Fd } from '../../../src/uapi/ids.ts';

const kernel = new LinuxKernel();
const processes = kernel.processes as Processes;

function child() {
  const made = spawn('sleep', ['1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => void made.kill('SIGKILL'));
  const pid = made.pid as number;
  const pidfd = processes.pidfdOpen(pid);
  expect(pidfd).toBeGreaterThanOrEqual(0);
  onTestFinished(() => void kernel.close(pidfd));
  const state = (): string | undefined =>
    / ([A-Z]) /i.exec(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/, ''))?.[1];
  return { pid, pidfd: pidfd as Fd, state, ended: new Promise((resolve) => made.once('exit', resolve)) };
}

/** A descriptor of our own, closed at the end of the test. */
function opened(open: () => number): Fd {
  const fd = open();
  expect(fd).toBeGreaterThanOrEqual(0);
  onTestFinished(() => void kernel.close(fd));
  return fd as Fd;
}

describe('another process', () => {
  it('is stopped, goes on, and ends', async () => {
    const { pidfd, state, ended } = child();
    expect(hasEnded(kernel, pidfd)).toBe(false);
    expect(processes.sendSignal(pidfd, Signal.STOP)).toBe(0);
    while (state() !== 'T') await setImmediate();
    expect(processes.sendSignal(pidfd, Signal.CONT)).toBe(0);
    while (state() === 'T') await setImmediate();
    expect(processes.sendSignal(pidfd, Signal.KILL)).toBe(0);
    expect(kernel.poll([{ fd: pidfd, events: Poll.IN, revents: 0 }], -1)).toBe(1);
    await ended;
    expect(processes.sendSignal(pidfd, Signal.CONT)).toBe(-Errno.ESRCH);
    expect(processes.pidfdGetfd(pidfd, 0)).toBe(-Errno.ESRCH);
  });

  it('has descriptors that can be duplicated', (ctx) => {
    const { pidfd } = child();
    const copy = processes.pidfdGetfd(pidfd, 1);
    if (copy === -Errno.EPERM) ctx.skip('no ptrace rights over a child here');
    expect(copy).toBeGreaterThanOrEqual(0);
    expect(kernel.close(copy)).toBe(0);
    expect(processes.pidfdGetfd(pidfd, 999)).toBe(-Errno.EBADF);
  });

  it('that is not there, or is a thread', () => {
    expect(processes.pidfdOpen(0x7fff_fff0)).toBe(-Errno.ESRCH);
    expect(processes.pidfdOpen(-1)).toBe(-Errno.EINVAL);
    expect(processes.pidfdGetfd(9_999 as Fd, 0)).toBe(-Errno.EBADF);
  });
});

describe('descriptors', () => {
  it('of one open file, and of two', () => {
    const a = opened(() => kernel.open('/dev/null', Open.RDWR | Open.CLOEXEC));
    const b = opened(() => kernel.dup(a));
    const c = opened(() => kernel.open('/dev/null', Open.RDWR | Open.CLOEXEC));
    expect(isSameFile(processes, a, b)).toBe(true);
    expect(isSameFile(processes, a, c)).toBe(false);
    expect(processes.fileFlags(a)).toBe(processes.fileFlags(c));
    // The same without kcmp.
    const without = Object.assign(Object.create(processes) as Processes, { compareFiles: () => -Errno.ENOSYS });
    for (const name of ['fileFlags', 'setFileFlags'] as const) without[name] = processes[name].bind(processes) as never;
    expect(isSameFile(without, a, b)).toBe(true);
    expect(isSameFile(without, a, c)).toBe(false);
  });
});
