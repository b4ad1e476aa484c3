// Other processes' descriptors. glibc has wrappers for some of these only in newer versions: syscall(2) works for all.
import type { Fd } from '../../uapi/ids.ts';
import type { Processes } from '../processes.ts';
import { declare, result } from './libc.ts';

/** The same on every architecture: they came after the numbers were unified. */
const SYS_PIDFD_SEND_SIGNAL = 424;
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;
const SYS_KCMP: Partial<Record<NodeJS.Architecture, number>> = { x64: 312, arm64: 272, riscv64: 272, loong64: 272 };
const KCMP_FILE = 0;
const KCMP_FILES = 2;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const F_GETFL = 3;
const F_SETFL = 4;
const ENOSYS = 38;

export class LinuxProcesses implements Processes {
  readonly #syscall = declare('long syscall(long number, long a, long b, long c, long d, long e)');
  readonly #fcntl = declare('int fcntl(int fd, int command, long argument)');

  #call(number: number, ...args: number[]): number {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = args;
    return result(this.#syscall(number, a, b, c, d, e));
  }

  pidfdOpen(pid: number): number {
    return this.#call(SYS_PIDFD_OPEN, pid, 0);
  }

  pidfdGetfd(pidfd: Fd, fd: number): number {
    return this.#call(SYS_PIDFD_GETFD, pidfd, fd, 0);
  }

  sendSignal(pidfd: Fd, signal: number): number {
    return this.#call(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
  }

  compareFiles(a: Fd, b: Fd): number {
    const number = SYS_KCMP[process.arch];
    return number === undefined ? -ENOSYS : this.#call(number, process.pid, process.pid, KCMP_FILE, a, b);
  }

  /** kcmp(2) between a descriptor of ours and one of another process; null: no CONFIG_KCMP, or no ptrace rights. */
  isOpenIn(ours: number, pid: number, theirs: number): boolean | null {
    const number = SYS_KCMP[process.arch];
    const order = number === undefined ? -ENOSYS : this.#call(number, process.pid, pid, KCMP_FILE, ours, theirs);
    return order < 0 ? null : order === 0;
  }

  /** kcmp(2) of the tables of two tasks; null: no CONFIG_KCMP, no ptrace rights, or one of them has ended. */
  sharesDescriptors(pid: number, tid: number): boolean | null {
    const number = SYS_KCMP[process.arch];
    const order = number === undefined ? -ENOSYS : this.#call(number, pid, tid, KCMP_FILES);
    return order < 0 ? null : order === 0;
  }

  fileFlags(fd: Fd): number {
    return result(this.#fcntl(fd, F_GETFL, 0));
  }

  setFileFlags(fd: Fd, flags: number): number {
    return result(this.#fcntl(fd, F_SETFL, flags));
  }

  closeOnExec(fd: Fd): number {
    return result(this.#fcntl(fd, F_SETFD, FD_CLOEXEC));
  }
}
