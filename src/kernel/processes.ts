// The part of the Kernel port that reaches into other processes: their descriptors, and stopping them.
import type { Fd } from '../uapi/ids.ts';

/** Each call returns what the system call returns: 0 or more, or the negative errno. */
export interface Processes {
  /** pidfd_open(2), 434: readable in poll(2) once the process has ended. ESRCH: there is none; EINVAL: it is a thread. */
  pidfdOpen(pid: number): number;
  /**
   * pidfd_getfd(2), 438: a descriptor of ours for the open file behind descriptor `fd` of the process, close-on-exec. EPERM:
   * no ptrace rights (PTRACE_MODE_ATTACH_REALCREDS; Yama counts); EBADF: it has no such descriptor; ESRCH: it has ended.
   */
  pidfdGetfd(pidfd: Fd, fd: number): number;
  /** pidfd_send_signal(2), 424. */
  sendSignal(pidfd: Fd, signal: number): number;
  /** kcmp(2), 312, KCMP_FILE between two descriptors of ours: 0 the same open file, 1 to 3 not; ENOSYS without CONFIG_KCMP. */
  compareFiles(a: Fd, b: Fd): number;
  /** fcntl(2) F_GETFL; F_SETFL. */
  fileFlags(fd: Fd): number;
  setFileFlags(fd: Fd, flags: number): number;
  /** fcntl(2) F_SETFD, FD_CLOEXEC: programs started from here do not inherit it. */
  closeOnExec(fd: Fd): number;
}

/** Signal numbers of Linux on every architecture that Node runs on. */
export const Signal = { KILL: 9, TERM: 15, CONT: 18, STOP: 19 } as const;
