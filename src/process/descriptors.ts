// What is open in another process, as far as it concerns us: fault queues, iommufds and VFIO devices.

import type { Files } from '../kernel/files.ts';
import { KernelRefusal } from '../kernel/kernel.ts';
import { joinLines } from '../text/one-line.ts';
import { plural } from '../text/plural.ts';
import { refusalName } from './proc.ts';

/** anon_inode_getfile() in iommufd_fault_alloc(). */
const FAULT_QUEUE = 'anon_inode:[iommufd-pgfault]';
const IOMMU = '/dev/iommu';
const VFIO = /^\/dev\/vfio\/devices\/(vfio\d+)$/;

export interface VfioDescriptor {
  readonly fd: number;
  readonly path: string;
  /** Name on its bus; null: not in sysfs. */
  readonly address: string | null;
}

export interface Descriptors {
  /** Numbers in the owner's table, rising. Several may be one open file. */
  readonly faultQueues: readonly number[];
  readonly iommufds: readonly number[];
  readonly devices: readonly VfioDescriptor[];
  /** All that are open. */
  readonly count: number;
}

/** Name of the errno for which its descriptors cannot be seen (EACCES: no ptrace rights; ENOENT: it has ended). */
export class Unseen extends Error {
  readonly errno: string;

  constructor(errno: string) {
    super(`its descriptors cannot be seen: ${errno}`);
    this.name = 'Unseen';
    this.errno = errno;
  }
}

/** Throws Unseen where /proc/PID/fd is refused (proc_fd_permission, proc_fd_access_allowed). */
export function findDescriptors(files: Files, pid: number): Descriptors {
  const links = linksOf(files, pid);
  const numbers = (target: string): number[] => links.filter(({ to }) => to === target).map(({ fd }) => fd);
  return {
    faultQueues: numbers(FAULT_QUEUE),
    iommufds: numbers(IOMMU),
    devices: links.flatMap(({ fd, to }) => {
      const [, name] = VFIO.exec(to) ?? [];
      return name === undefined ? [] : [{ fd, path: to, address: addressOf(files, name) }];
    }),
    count: links.length,
  };
}

function linksOf(files: Files, pid: number): { fd: number; to: string }[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return files
      .list(folder)
      .flatMap((name) => {
        const to = linkOf(files, `${folder}/${name}`);
        return to === null ? [] : [{ fd: Number(name), to }];
      })
      .sort((a, b) => a.fd - b.fd);
  } catch (error) {
    throw new Unseen(refusalName(error));
  }
}

/** null: it was closed since it was listed. Other errors are thrown: then none of the links can be read. */
function linkOf(files: Files, path: string): string | null {
  try {
    return files.readLink(path);
  } catch (error) {
    if (error instanceof KernelRefusal && refusalName(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The device behind a VFIO character device: its name on its bus. */
function addressOf(files: Files, name: string): string | null {
  try {
    const device = files.realPath(`/sys/class/vfio-dev/${name}/device`);
    return joinLines(device.slice(device.lastIndexOf('/') + 1));
  } catch (error) {
    refusalName(error);
    return null;
  }
}

/** "3 descriptors, among them 1 iommufd (3) and no VFIO device": for a user who expected a fault queue. */
export function describe({ count, iommufds, devices }: Descriptors): string {
  const some = (what: string, fds: readonly number[]): string =>
    fds.length === 0 ? `no ${what}` : `${plural(fds.length, what)} (${fds.join(', ')})`;
  const vfio = some(
    'VFIO device',
    devices.map(({ fd }) => fd),
  );
  return `${plural(count, 'descriptor')}, among them ${some('iommufd', iommufds)} and ${vfio}`;
}
