// Who has VFIO's character devices open: the links of /proc/PID/fd.
import { KernelRefusal } from '../kernel/kernel.ts';
import { oneLine } from '../text/one-line.ts';
import type { Reading } from './reading.ts';

export interface Opener {
  readonly pid: number;
  readonly comm: string;
  readonly fd: number;
  /** What it has open: the character device of the device, or that of its group. */
  readonly path: string;
}

export interface Openers {
  /** By the path that is open. */
  readonly byPath: ReadonlyMap<string, readonly Opener[]>;
  /** Processes whose descriptors could not be read. */
  readonly hidden: number;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);

/** A descriptor of VFIO's; in a container the same path may lie deeper. */
const WANTED = /\/dev\/vfio\/(devices\/vfio\d+|\d+|noiommu-\d+)$/;

/** null: its descriptors cannot be seen. */
function openedBy(reading: Reading, pid: string): Opener[] | null {
  const directory = `/proc/${pid}/fd`;
  let fds: string[];
  try {
    fds = reading.files.list(directory);
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    // It is none of ours, or ended meanwhile.
    return reading.isThere(`/proc/${pid}/stat`) ? null : [];
  }
  return fds.flatMap((fd) => {
    const path = WANTED.exec(reading.link(`${directory}/${fd}`, 'a descriptor') ?? '')?.[0];
    return path === undefined ? [] : [{ pid: Number(pid), comm: commOf(reading, pid), fd: Number(fd), path }];
  });
}

const commOf = (reading: Reading, pid: string): string =>
  oneLine(reading.text(`/proc/${pid}/comm`, 'the name of a process') ?? '?');

const VFIO = '/dev/vfio';

/** All of the host that can be seen, but ourselves: who started us may have left us a descriptor. */
export function findOpeners(reading: Reading): Openers {
  const byPath = new Map<string, Opener[]>();
  const ours = reading.linkName('/proc/self', 'our own process');
  let hidden = 0;
  // Without VFIO there is nothing to open, and every descriptor of the host need not be looked at.
  if (!reading.isThere(VFIO)) return { byPath, hidden };
  for (const pid of reading.list('/proc', 'the processes').filter(isNumber)) {
    if (pid === ours) continue;
    const opened = openedBy(reading, pid);
    if (opened === null) hidden++;
    for (const opener of opened ?? []) byPath.set(opener.path, [...(byPath.get(opener.path) ?? []), opener]);
  }
  return { byPath, hidden };
}
