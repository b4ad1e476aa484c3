import { describe, expect, it } from 'vitest';
import { ownerFacts } from '../../src/process/owner.ts';
import { isKernelThread, parseStat, statusField, threadStates } from '../../src/process/proc.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { PID, World } from './world.ts';

const REST = '1 1 1 0 -1 4194304 0 0';

describe('/proc/PID/stat', () => {
  it('has a name that may hold anything but its own end', () => {
    expect(parseStat(`7 (a) R (b)) S ${REST}`)).toEqual({ comm: 'a) R (b)', state: 'S', flags: 4_194_304 });
    expect(parseStat(`7 () Z ${REST}`)).toMatchObject({ comm: '', state: 'Z' });
  });

  it('that is none is not made one', () => {
    for (const text of ['', '7', '7 (a', '7 )a( S', '7 (a)', '7 (a) S 1']) expect(parseStat(text), text).toBeNull();
  });

  it('tells threads of the kernel', () => {
    const flags = (value: number) => isKernelThread({ comm: '', state: 'S', flags: value });
    expect(flags(0x0020_8040)).toBe(true);
    expect(flags(0x8020_8040)).toBe(true);
    expect(flags(0x8000_8040)).toBe(false);
  });
});

it('a field of /proc/PID/status is found by its whole name', () => {
  const status = 'Name:\tUid: 3\nUidMap:\t9\nUid:\t1\t2\t3\t4\n';
  expect(statusField(status, 'Uid')).toEqual(['1', '2', '3', '4']);
  expect(statusField(status, 'Gid')).toEqual([]);
});

describe('what is known of an owner', () => {
  it('is read as far as it goes', () => {
    const world = new World();
    world.thread({ tid: 101, state: 'R' });
    expect(ownerFacts(world.files, PID)).toEqual({
      comm: 'qemu (1)',
      command: 'qemu -device vfio-pci',
      uid: 64,
      state: 'S',
      threads: 2,
      wchan: 'futex_do_wait',
      syscall: 'system call 202',
      stack: ['futex_do_wait+0x1/0x2', 'do_syscall_64+0x1/0x2'],
      unread: [],
    });
  });

  it('says what is not permitted', () => {
    const { files } = new World();
    for (const name of ['stack', 'syscall', 'wchan', 'cmdline']) files.denied.set(`/proc/${PID}/${name}`, Errno.EACCES);
    expect(ownerFacts(files, PID)).toMatchObject({
      command: '',
      wchan: null,
      syscall: null,
      stack: null,
      unread: ['command line: EACCES', 'kernel function: EACCES', 'system call: EACCES', 'kernel stack: EACCES'],
    });
  });

  it('has an end, and is on one line', () => {
    const { files } = new World();
    files.texts.set(`/proc/${PID}/cmdline`, `a\x1b[2J\nb\0${'x'.repeat(9_000)}\0`);
    files.texts.set(`/proc/${PID}/status`, 'Name:\tq\x1b]0;\x07\nState:\tS\n');
    files.texts.set(`/proc/${PID}/wchan`, 'w\x9b1m');
    files.texts.set(`/proc/${PID}/stack`, `[<0>] f\x1b[1m\n${'[<0>] g\n'.repeat(500)}`);
    const facts = ownerFacts(files, PID);
    expect(facts?.command.startsWith('a\x1b[2J b xxx')).toBe(true);
    expect(facts?.command.endsWith('xxx...')).toBe(true);
    expect(facts?.command.length).toBe(1_003);
    // as they came: what writes them to a terminal makes them visible
    expect(facts).toMatchObject({ comm: 'q\x1b]0;\x07', wchan: 'w\x9b1m', uid: null });
    expect(facts?.stack?.[0]).toBe('f\x1b[1m');
    expect(facts?.stack?.length).toBe(64);
  });

  it('of one that runs there is no place in the kernel', () => {
    const { files } = new World();
    files.texts.set(`/proc/${PID}/wchan`, '0');
    for (const text of ['running', '-1 0x7ff 0x4']) {
      files.texts.set(`/proc/${PID}/syscall`, text);
      expect(ownerFacts(files, PID)).toMatchObject({ wchan: null, syscall: null });
    }
  });

  it('of one that has ended there is nothing', () => {
    const world = new World();
    world.end();
    expect(ownerFacts(world.files, PID)).toBeNull();
    expect(threadStates(world.files, PID)).toEqual([]);
  });
});
