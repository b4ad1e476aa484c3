// Another process by its number: is it one that can be looked at? What is opened is a pidfd, which stands for this process
// and never for a later one of the same number.

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
  new Refusal('gone', `there is no process ${pid}`, 'see `ps -e`; in a container, its number outside is another');

export const ended = (pid: number): Refusal =>
  new Refusal(
    'gone',
    `process ${pid} has ended`,
    'its descriptors are closed: the kernel answers what was outstanding',
  );

export const noRights = (pid: number, what: string, { why, hint }: Obstacle): Refusal =>
  new Refusal('refused', `process ${pid}: ${what}: ${why}`, hint);

/**
 * A pidfd of the process, close-on-exec. Throws Refusal: there is none, it is ourselves, a thread, a kernel thread,
 * a zombie.
 */
export function openProcessById(kernel: Kernel, processes: Processes, pid: number, own: number): Fd {
  const foreign = foreignProc(kernel.files, own);
  if (foreign) throw new Refusal('refused', `process ${pid} cannot be told from others: ${foreign.why}`, foreign.hint);
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
    return new Refusal('refused', 'the kernel has no pidfd_open', 'it came with Linux 5.3, fault queues with 6.11');
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
      `process ${pid} has ended and waits for its parent only (a zombie)`,
      'its descriptors are closed: nothing of it holds a queue any more',
    );
  }
  if (hasEnded(kernel, pidfd)) throw noSuch(pid);
  if (stat?.state === 'Z') {
    throw new Refusal(
      'refused',
      `the main thread of process ${pid} has ended while others go on: its descriptors cannot be reached through it`,
      'ending the process frees its devices',
    );
  }
  if (stat && isKernelThread(stat)) {
    throw new Refusal('refused', `process ${pid} is a thread of the kernel`, 'it has no descriptors');
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
      throw new Refusal('refused', `/proc does not show process ${pid} to us (hidepid)`, 'run iopftop as root');
    }
    throw noRights(pid, error.message, ptraceObstacle(kernel.files, pid));
  }
  if (hasEnded(kernel, pidfd)) throw ended(pid);
  if (found.faultQueues.length > 0) return found;
  throw new Refusal(
    'refused',
    `process ${pid} has no fault queue (anon_inode:[iommufd-pgfault]): it has ${describe(found)}`,
    found.iommufds.length > 0
      ? 'a helper process of it may have the queue: look at its children too'
      : 'the queue is with the process that opened it, or that it was handed to: `ls -l /proc/*/fd | grep pgfault`',
  );
}
