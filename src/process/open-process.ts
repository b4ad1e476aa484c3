// Another process by its PID: can it be watched? It is opened as a pidfd, which names this process and never a later one
// with the same PID.

import { type Kernel, Poll, type PollFd } from '../kernel/kernel.ts';
import type { Processes } from '../kernel/processes.ts';
import { Refusal } from '../text/refusal.ts';
import { Errno, errnoName } from '../uapi/errno.ts';
import type { Fd } from '../uapi/ids.ts';
import { type Descriptors, describe, findDescriptors, Unseen } from './descriptors.ts';
import { foreignProc } from './namespace.ts';
import { type Obstacle, ptraceObstacle } from './permission.ts';
import { isKernelThread, statOf, statusField, tryText } from './proc.ts';

/** Readable once it has ended (pidfd_poll). */
export function hasEnded(kernel: Kernel, pidfd: Fd): boolean {
  const fds: PollFd[] = [{ fd: pidfd, events: Poll.IN, revents: 0 }];
  return kernel.poll(fds, 0) > 0 && fds[0]!.revents !== 0;
}

const noSuch = (pid: number): Refusal =>
  new Refusal('gone', `there is no process ${pid}`, 'see `ps -e`; inside a container a process has another PID');

export const ended = (pid: number): Refusal =>
  new Refusal(
    'gone',
    `process ${pid} has ended`,
    'its descriptors are closed: the kernel answers what was outstanding',
  );

export const noRights = (pid: number, what: string, { why, hint }: Obstacle): Refusal =>
  new Refusal('refused', `process ${pid}: ${what}: ${why}`, hint);

/**
 * A pidfd of the process, close-on-exec. Throws Refusal: no such process, or it is iopftop itself, a thread, a kernel
 * thread, a zombie.
 */
export function openProcessById(kernel: Kernel, processes: Processes, pid: number, own: number): Fd {
  const foreign = foreignProc(kernel.files, own);
  if (foreign) throw new Refusal('refused', `process ${pid} cannot be identified: ${foreign.why}`, foreign.hint);
  if (pid === own) {
    throw new Refusal('refused', `process ${pid} is iopftop itself`, 'give the PID of the process that hangs');
  }
  const pidfd = processes.pidfdOpen(pid);
  if (pidfd < 0) throw openRefusal(kernel, pid, -pidfd);
  try {
    checkKind(kernel, pid, pidfd as Fd);
  } catch (error) {
    kernel.close(pidfd);
    throw error;
  }
  return pidfd as Fd;
}

/** pidfd_open: ESRCH; a thread is EINVAL, on newer kernels ENOENT (pidfd_prepare). */
function openRefusal({ files }: Kernel, pid: number, errno: number): Refusal {
  if (errno === Errno.ESRCH) return noSuch(pid);
  const [leader] = statusField(tryText(files, `/proc/${pid}/status`) ?? '', 'Tgid');
  if ((errno === Errno.EINVAL || errno === Errno.ENOENT) && leader !== undefined && leader !== String(pid)) {
    return new Refusal('refused', `${pid} is a thread of process ${leader}`, `give --pid ${leader}`);
  }
  if (errno === Errno.ENOSYS) {
    return new Refusal('refused', 'the kernel has no pidfd_open', 'it is in Linux since 5.3, fault queues since 6.11');
  }
  const full = errno === Errno.EMFILE || errno === Errno.ENFILE;
  return new Refusal(
    'refused',
    `process ${pid} cannot be opened: ${errnoName(errno)}`,
    full ? 'raise `ulimit -n`' : 'a seccomp filter around iopftop may forbid pidfd_open',
  );
}

function checkKind(kernel: Kernel, pid: number, pidfd: Fd): void {
  const stat = statOf(kernel.files, pid);
  if (stat?.state === 'Z' && hasEnded(kernel, pidfd)) {
    throw new Refusal(
      'gone',
      `process ${pid} has ended and is a zombie`,
      'its descriptors are closed: it no longer holds a queue',
    );
  }
  if (hasEnded(kernel, pidfd)) throw noSuch(pid);
  if (stat?.state === 'Z') {
    throw new Refusal(
      'refused',
      `the main thread of process ${pid} has ended while other threads still run: its descriptors cannot be reached through it`,
      'ending the process frees its devices',
    );
  }
  if (stat && isKernelThread(stat)) {
    throw new Refusal('refused', `process ${pid} is a kernel thread`, 'it has no descriptors');
  }
}

/** Its descriptors, one fault queue at least. Throws Refusal. */
export function descriptorsOf(kernel: Kernel, pid: number, pidfd: Fd): Descriptors {
  let found: Descriptors;
  try {
    found = findDescriptors(kernel.files, pid);
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    if (hasEnded(kernel, pidfd)) throw ended(pid);
    if (error.errno === 'ENOENT') {
      throw new Refusal('refused', `/proc does not show us process ${pid} (hidepid)`, 'run iopftop as root');
    }
    throw noRights(pid, error.message, ptraceObstacle(kernel.files, pid));
  }
  if (hasEnded(kernel, pidfd)) throw ended(pid);
  if (found.faultQueues.length > 0) return found;
  throw new Refusal(
    'refused',
    `process ${pid} has no fault queue (anon_inode:[iommufd-pgfault]): it has ${describe(found)}`,
    found.iommufds.length > 0
      ? 'one of its child processes may have the queue'
      : 'the queue is in the process that opened or received it: `ls -l /proc/*/fd | grep pgfault`',
  );
}
