// Are two descriptors the same open file? A fault object has one open file and no other (iommufd_fault_alloc), so two
// descriptors of one object are always the same open file. Cookies are counted per object, so one object must never be
// taken for two queues.
import type { Processes } from '../kernel/processes.ts';
import { Errno } from '../uapi/errno.ts';
import type { Fd } from '../uapi/ids.ts';

/** A status flag that means nothing to a fault queue: its read never blocks (iommufd_fault_fops_read). */
const O_NONBLOCK = 0o4000;

/** By kcmp(2), which changes nothing; null: the kernel lacks it (CONFIG_KCMP), or forbids it. */
export function compareQuietly(processes: Processes, a: Fd, b: Fd): boolean | null {
  const order = processes.compareFiles(a, b);
  return order < 0 ? null : order === 0;
}

/**
 * Without kcmp: a status flag belongs to the open file, so setting it through one descriptor shows it through the other. It
 * is reset at once. Only for files that we have taken over: their owner could see it too. Throws RangeError if one of the
 * descriptors is not open.
 */
export function isSameFile(processes: Processes, a: Fd, b: Fd): boolean {
  const known = compareQuietly(processes, a, b);
  if (known !== null) return known;
  const [before, other] = [flagsOf(processes, a), flagsOf(processes, b)];
  if (before !== other) return false;
  processes.setFileFlags(a, before ^ O_NONBLOCK);
  try {
    return flagsOf(processes, b) !== other;
  } finally {
    processes.setFileFlags(a, before);
  }
}

function flagsOf(processes: Processes, fd: Fd): number {
  const flags = processes.fileFlags(fd);
  if (flags === -Errno.EBADF) throw new RangeError(`descriptor ${fd} is not open`);
  return flags;
}
