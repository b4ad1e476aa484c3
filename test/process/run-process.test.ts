// Whether a run that was written down still runs: a PID alone says nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { LinuxFiles } from '../../src/kernel/linux/files.ts';
import { processIdentity } from '../../src/process/identity.ts';
import { ownProcess, pidExists, type RunProcess, stateOf, worldOf } from '../../src/process/run-process.ts';

const files = new LinuxFiles();
const own = ownProcess(files, process.pid) as RunProcess;
const state = (of: Partial<RunProcess>, exists = pidExists) => stateOf(files, own, { ...own, ...of }, exists);

describe('a run that was written down', () => {
  it('is running with its start time, and gone where the number is another process', () => {
    expect(state({})).toBe('running');
    expect(state({ startTime: own.startTime - 1 })).toBe('gone');
  });

  it('is of another boot or PID namespace before its number is looked at', () => {
    expect(state({ bootId: 'other' })).toBe('other-boot');
    expect(state({ pidNamespace: 'pid:[1]' })).toBe('other-namespace');
  });

  it('is gone when it was killed, also while it is a zombie', async () => {
    const child = spawn('sleep', ['60']);
    const { pid } = child as { pid: number };
    const run = { ...own, pid, startTime: processIdentity(files, pid)?.startTime as number };
    expect(state(run)).toBe('running');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(state(run)).toBe('gone');
    expect(state(run, () => true)).toBe('unknown');
  });

  it('is not known where /proc does not show it', () => {
    const hidden = { read: () => files.read('/proc/self/nothing'), readLink: files.readLink } as unknown as LinuxFiles;
    expect(stateOf(hidden, own, { ...own, pid: 1 }, () => true)).toBe('unknown');
    expect(ownProcess(hidden, 1)).toBe(null);
    expect(stateOf(files, null, own, pidExists)).toBe('unknown');
  });

  it('has no namespace on a kernel that has none', () => {
    const plain = {
      read: (path: string) => files.read(path),
      readLink: (path: string) => files.readLink(path.replace('/ns/pid', '/nothing')),
    } as unknown as LinuxFiles;
    expect(ownProcess(plain, process.pid)).toEqual({ ...own, pidNamespace: '' });
  });

  it('is not known where /proc is of another PID namespace: its numbers are other processes', () => {
    // nsenter -m without -p: there is a process of our number, and it is not us
    const foreign = {
      read: (path: string) => files.read(path),
      readLink: (path: string) => (path === '/proc/self' ? String(process.pid + 1) : files.readLink(path)),
    } as unknown as LinuxFiles;
    expect(worldOf(foreign, process.pid, true)).toMatchObject({ process: null });
    expect(worldOf(foreign, process.pid, true).stateOf({ ...own, startTime: own.startTime - 1 })).toBe('unknown');
  });

  it('is written down but in simulated time', () => {
    expect(worldOf(files, process.pid, true).process).toEqual(own);
    expect(worldOf(files, process.pid, false)).toMatchObject({ process: null });
    expect(worldOf(files, process.pid, false).stateOf(own)).toBe('running');
  });

  it('pidExists: also of a process that may not be signalled', () => {
    expect(pidExists(1)).toBe(true);
    expect(pidExists(2 ** 22 + 1)).toBe(false);
  });
});
