// mknodat(2), which Node lacks, and glibc has only since 2.33.
import { Errno } from '../../uapi/errno.ts';
import type { MakeBlockNode } from './files.ts';
import { declare, result } from './libc.ts';

const SYS_MKNODAT: Partial<Record<NodeJS.Architecture, number>> = { x64: 259, arm64: 33, riscv64: 33, loong64: 33 };
const AT_FDCWD = -100;
const S_IFBLK_0600 = 0o60600;

const mknodat = declare('long syscall(long number, long dirfd, const char *path, long mode, long dev)');

/** The kernel's own form of a device number (new_decode_dev). */
const encode = (major: number, minor: number): number =>
  Number(BigInt(minor & 0xff) | (BigInt(major & 0xfff) << 8n) | (BigInt(minor >>> 8) << 20n));

export const makeBlockNode: MakeBlockNode = (path, major, minor) => {
  const number = SYS_MKNODAT[process.arch];
  return number === undefined
    ? -Errno.ENOSYS
    : result(mknodat(number, AT_FDCWD, path, S_IFBLK_0600, encode(major, minor)));
};
