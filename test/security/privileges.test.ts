// When root is given up, as whom, in which order, and what is said where it cannot be. That all threads do it is seen on the
// real kernel: test/lab-kernel/privileges.test.ts.
import { describe, expect, it } from 'vitest';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { becomeUser, type IdentityCalls } from '../../src/kernel/linux/privileges.ts';
import { canGiveUpRoot, identityAfter } from '../../src/privileges.ts';
import type { SourceOptions } from '../../src/sources/options.ts';
import { Errno } from '../../src/uapi/errno.ts';

/** A system that says `failing` with EPERM; `back`: root can be had again. */
function system(failing: string | null, back = false): { calls: IdentityCalls; made: string[] } {
  const made: string[] = [];
  const call =
    (name: string) =>
    (...args: unknown[]): number => {
      made.push(`${name}(${args.map(String).join(', ')})`);
      if (name === 'setresuid' && args[0] === 0) return back ? 0 : -Errno.EPERM;
      return name === failing ? -Errno.EPERM : 0;
    };
  const calls = {
    setrlimit: call('setrlimit'),
    setgroups: call('setgroups'),
    setresgid: call('setresgid'),
    setresuid: call('setresuid'),
  };
  return { calls, made };
}

describe('giving up root', () => {
  it('unlocks memory first, and the user last, and tries whether root comes back', () => {
    const { calls, made } = system(null);
    becomeUser({ uid: 7, gid: 8 }, calls);
    const all = (1n << 64n) - 1n;
    expect(made).toEqual([
      `setrlimit(8, ${all}, ${all})`,
      'setgroups()',
      'setresgid(8)',
      'setresuid(7)',
      'setresuid(0)',
    ]);
  });

  it.each(['setrlimit', 'setgroups', 'setresgid', 'setresuid'])('ends where %s is refused, with its errno', (name) => {
    const { calls, made } = system(name);
    expect(() => becomeUser({ uid: 7, gid: 8 }, calls)).toThrow(KernelRefusal);
    expect(made.at(-1)).toContain(name);
  });

  it('is a bug where root comes back', () => {
    expect(() => becomeUser({ uid: 7, gid: 8 }, system(null, true).calls)).toThrow(
      'root was dropped but could be regained',
    );
  });

  it('is to whoever called sudo, else to nobody', () => {
    expect(identityAfter({ SUDO_UID: '1000', SUDO_GID: '100' })).toEqual({ uid: 1000, gid: 100 });
    for (const env of [{}, { SUDO_UID: '0', SUDO_GID: '0' }, { SUDO_UID: '-1', SUDO_GID: '1e3' }]) {
      expect(identityAfter(env)).toEqual({ uid: 65_534, gid: 65_534 });
    }
  });

  it.each([
    [{ kind: 'selftest' }, true],
    [{ kind: 'handed', listen: null }, true],
    [{ kind: 'handed', listen: '/run/socket' }, false],
    [{ kind: 'host' }, false],
    [{ kind: 'process' }, false],
    [{ kind: 'mock' }, false],
  ] as [SourceOptions, boolean][])('of %j: %s', (source, can) => {
    expect(canGiveUpRoot(source)).toBe(can);
  });
});
