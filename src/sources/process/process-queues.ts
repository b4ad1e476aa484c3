// The fault queues of another process: found among its descriptors, checked (duplicated, polled, closed again), and
// duplicated for good when they are taken over.

import { type Kernel, Poll, type PollFd } from '../../kernel/kernel.ts';
import type { Processes } from '../../kernel/processes.ts';
import { ended, noRights } from '../../process/open-process.ts';
import { ptraceObstacle } from '../../process/permission.ts';
import { compareQuietly, isSameFile } from '../../process/same-file.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno, errnoName } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';
import { ProcessQueue } from './process-queue.ts';

/** A descriptor of the owner, and a duplicate of it that is ours. */
interface Duplicate {
  readonly number: number;
  readonly fd: Fd;
}

export interface Looked {
  readonly opened: ProcessQueue[];
  readonly gone: ProcessQueue[];
  /** Why their poll state is not known; null: it is. */
  readonly refused: string | null;
}

export class ProcessQueues {
  readonly #kernel: Kernel;
  readonly #processes: Processes;
  readonly #pid: number;
  readonly #pidfd: Fd;
  #queues: ProcessQueue[] = [];

  constructor(kernel: Kernel, processes: Processes, pid: number, pidfd: Fd) {
    this.#kernel = kernel;
    this.#processes = processes;
    this.#pid = pid;
    this.#pidfd = pidfd;
  }

  get all(): readonly ProcessQueue[] {
    return this.#queues;
  }

  /** Looks at the queues behind these descriptors of the owner. Holds nothing afterwards and reads nothing. */
  look(numbers: readonly number[], nowNs: bigint): Looked {
    const before = this.#queues;
    const duplicates: Duplicate[] = [];
    let refused: string | null = null;
    const sighted = new Map<ProcessQueue, number[]>();
    const through = new Map<ProcessQueue, Fd>();
    try {
      for (const number of numbers) {
        const fd = this.#processes.pidfdGetfd(this.#pidfd, number);
        if (fd === -Errno.EBADF || fd === -Errno.ESRCH) continue;
        if (fd < 0) refused = errnoName(-fd);
        else duplicates.push({ number, fd: fd as Fd });
        const queue = this.#find(number, fd < 0 ? null : (fd as Fd), through);
        sighted.set(queue, [...(sighted.get(queue) ?? []), number]);
        if (fd >= 0 && !through.has(queue)) through.set(queue, fd as Fd);
      }
      for (const [queue, fds] of sighted) {
        queue.fds = fds;
        const fd = queue.taken?.fd ?? through.get(queue);
        queue.looked(fd === undefined ? null : this.#isReadable(fd), nowNs);
      }
    } finally {
      for (const { fd } of duplicates) this.#kernel.close(fd);
    }
    this.#queues = [...sighted.keys()].sort((a, b) => (a.fds[0] ?? 0) - (b.fds[0] ?? 0));
    return {
      opened: this.#queues.filter((queue) => !before.includes(queue)),
      gone: before.filter((queue) => !sighted.has(queue)),
      refused,
    };
  }

  /** The queue of a descriptor: by the open file if that is known, else by its number. */
  #find(number: number, fd: Fd | null, through: ReadonlyMap<ProcessQueue, Fd>): ProcessQueue {
    for (const [queue, other] of through) {
      if (fd === null || queue.taken !== null) continue;
      // If nothing else is known, what was found to be one queue while it was taken stays so.
      if (compareQuietly(this.#processes, other, fd) ?? queue.fds.includes(number)) return queue;
    }
    for (const queue of this.#queues) {
      if (queue.taken !== null && fd !== null && this.#isTaken(queue.taken.fd, queue, number, fd)) return queue;
    }
    const known = this.#queues.find(
      (queue) => queue.fds.includes(number) && !through.has(queue) && (queue.taken === null || fd === null),
    );
    return known ?? new ProcessQueue([number]);
  }

  #isTaken(ours: Fd, queue: ProcessQueue, number: number, fd: Fd): boolean {
    const same = compareQuietly(this.#processes, ours, fd);
    return same ?? (queue.fds.includes(number) || isSameFile(this.#processes, ours, fd));
  }

  #isReadable(fd: Fd): boolean {
    const fds: PollFd[] = [{ fd, events: Poll.IN, revents: 0 }];
    return this.#kernel.poll(fds, 0) > 0 && (fds[0]!.revents & Poll.IN) !== 0;
  }

  /**
   * Duplicates for good what is behind these descriptors and is not taken yet, one for each open file. `adopt` makes a queue
   * of ours of each. Throws Refusal, and then none is held.
   */
  take(numbers: readonly number[], adopt: (fd: Fd) => number): { queue: number; fd: number }[] {
    const fresh: { fd: Fd; numbers: number[] }[] = [];
    const also: { queue: ProcessQueue; number: number }[] = [];
    try {
      for (const number of numbers) {
        const fd = this.#duplicate(number);
        if (fd === null) continue;
        const known = this.#queues.find(({ taken }) => taken !== null && isSameFile(this.#processes, taken.fd, fd));
        const twin = fresh.find((other) => isSameFile(this.#processes, other.fd, fd));
        if (!known && !twin) {
          fresh.push({ fd, numbers: [number] });
          continue;
        }
        this.#kernel.close(fd);
        twin?.numbers.push(number);
        if (known) also.push({ queue: known, number });
      }
    } catch (error) {
      for (const { fd } of fresh) this.#kernel.close(fd);
      throw error;
    }
    for (const { queue, number } of also) if (!queue.fds.includes(number)) queue.fds.push(number);
    return fresh.map((one) => this.#adopt(one, adopt));
  }

  #adopt({ fd, numbers }: { fd: Fd; numbers: number[] }, adopt: (fd: Fd) => number): { queue: number; fd: number } {
    const mine = (queue: ProcessQueue): boolean =>
      queue.taken === null && queue.fds.some((number) => numbers.includes(number));
    const kept = this.#queues.find(mine) ?? new ProcessQueue(numbers);
    kept.fds = numbers;
    kept.taken = { queue: adopt(fd), fd };
    this.#queues = [...this.#queues.filter((queue) => queue !== kept && !mine(queue)), kept];
    this.#queues.sort((a, b) => (a.fds[0] ?? 0) - (b.fds[0] ?? 0));
    return { queue: kept.taken.queue, fd: numbers[0]! };
  }

  /** It is the owner's alone again, or it is gone. */
  released(queue: number): void {
    for (const one of this.#queues) if (one.taken?.queue === queue) one.released();
  }

  /** null: the owner has closed it meanwhile. */
  #duplicate(number: number): Fd | null {
    const fd = this.#processes.pidfdGetfd(this.#pidfd, number);
    if (fd >= 0) return fd as Fd;
    const what = `cannot take over its descriptor ${number}`;
    switch (-fd) {
      case Errno.EBADF:
        return null;
      case Errno.ESRCH:
        throw ended(this.#pid);
      case Errno.EPERM:
        throw noRights(this.#pid, `${what} (EPERM)`, ptraceObstacle(this.#kernel.files, this.#pid));
      case Errno.ENOSYS:
        throw new Refusal('refused', 'the kernel has no pidfd_getfd', 'it needs Linux 5.6');
      default: {
        const full = -fd === Errno.EMFILE || -fd === Errno.ENFILE;
        const message = `process ${this.#pid}: ${what}: ${errnoName(-fd)}`;
        throw new Refusal('refused', message, full ? 'raise `ulimit -n`' : null);
      }
    }
  }
}
