// Dropping root, in all threads at once: glibc and musl run setresuid(2) and its kind in every thread of the process, which a
// bare capset(2) would not. See capabilities(7), "Effect of user ID changes on capabilities".
import { KernelRefusal } from '../kernel.ts';
import { declare, result } from './libc.ts';

const RLIMIT_MEMLOCK = 8;
const INFINITY = 0xffff_ffff_ffff_ffffn;

export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Each returns 0 or a negative errno. */
export interface IdentityCalls {
  setrlimit(resource: number, soft: bigint, hard: bigint): number;
  setgroups(gids: readonly number[]): number;
  setresgid(gid: number): number;
  setresuid(uid: number): number;
}

function libcCalls(): IdentityCalls {
  const setrlimit = declare('int setrlimit(int resource, const void *limit)');
  const setgroups = declare('int setgroups(size_t count, const void *gids)');
  const setresgid = declare('int setresgid(unsigned int real, unsigned int effective, unsigned int saved)');
  const setresuid = declare('int setresuid(unsigned int real, unsigned int effective, unsigned int saved)');
  return {
    setrlimit: (resource, soft, hard) => result(setrlimit(resource, new BigUint64Array([soft, hard]))),
    setgroups: (gids) => result(setgroups(gids.length, new Uint32Array(gids))),
    setresgid: (gid) => result(setresgid(gid, gid, gid)),
    setresuid: (uid) => result(setresuid(uid, uid, uid)),
  };
}

/**
 * The process runs as another user from now on, without capabilities, and cannot regain root. Its locked memory stays
 * unlimited, as with CAP_IPC_LOCK (IOMMU_IOAS_MAP pins memory). Throws KernelRefusal; privileges dropped until then stay
 * dropped.
 */
export function becomeUser({ uid, gid }: Identity, calls: IdentityCalls = libcCalls()): void {
  const done = (operation: string, value: number): void => {
    if (value < 0) throw new KernelRefusal(operation, -value);
  };
  done('setrlimit(RLIMIT_MEMLOCK)', calls.setrlimit(RLIMIT_MEMLOCK, INFINITY, INFINITY));
  done('setgroups', calls.setgroups([]));
  done('setresgid', calls.setresgid(gid));
  done('setresuid', calls.setresuid(uid));
  if (calls.setresuid(0) === 0) throw new Error('root was dropped but could be regained');
}
