// What one of our descriptors is, by /proc/self/fd: checked before anything is read from it.

import type { Files } from '../../kernel/files.ts';
import { ifRefused, KernelRefusal } from '../../kernel/kernel.ts';
import { joinLines } from '../../text/one-line.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';

export type DescriptorKind = 'fault queue' | 'iommufd' | 'VFIO device';

const STANDARD = ['stdin', 'stdout', 'stderr'];

/** anon_inode_getfile() in iommufd_fault_alloc(); the others are paths, which a VMM may have in a /dev of its own. */
const LINK: Record<DescriptorKind, RegExp> = {
  'fault queue': /^anon_inode:\[iommufd-pgfault\]$/,
  iommufd: /\/iommu$/,
  'VFIO device': /\/vfio\/devices\/vfio\d+$/,
};

const ARTICLE: Record<DescriptorKind, string> = {
  'fault queue': 'a fault queue',
  iommufd: 'an iommufd',
  'VFIO device': 'a VFIO device',
};

const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^anon_inode:\[vfio-device\]$/, 'a VFIO device opened through its group, which cannot be attached by itself'],
  [/^anon_inode:\[iommufd-viommu-event\]$/, 'an event queue of a virtual IOMMU'],
  [/^anon_inode:\[?([^\]]*)\]?$/, 'an anonymous file ($1)'],
  [/^pipe:/, 'a pipe'],
  [/^socket:/, 'a socket'],
  [/^\/dev\/(pts\/.*|tty.*|console)$/, 'the terminal /dev/$1'],
];

/** Where it leads; null: it is not open. Throws KernelRefusal if /proc cannot be read. */
function linkOf(files: Files, fd: Fd): string | null {
  try {
    return files.readLink(`/proc/self/fd/${fd}`);
  } catch (error) {
    if (error instanceof KernelRefusal && error.errno === Errno.ENOENT) return null;
    throw error;
  }
}

/** What it is, as text: "stdin, a pipe". */
function inWords(fd: Fd, link: string): string {
  const kind = (Object.keys(LINK) as DescriptorKind[]).find((name) => LINK[name].test(link));
  const known = OTHERS.find(([pattern]) => pattern.test(link));
  const what = kind ? ARTICLE[kind] : known ? link.replace(known[0], known[1]) : `the file ${link}`;
  const standard = STANDARD[fd];
  return joinLines(standard === undefined ? what : `${standard}, ${what}`);
}

/**
 * Throws Refusal unless the descriptor is open and of that kind. `what` is the giver's name for it
 * ("--fault-fd 5"). Returns where it leads.
 */
export function checkDescriptor(files: Files, fd: Fd, kind: DescriptorKind, what: string): string {
  const link = linkOf(files, fd);
  if (link === null) {
    const hint = 'the parent process must leave it open (no FD_CLOEXEC)';
    throw new Refusal('refused', `${what}: descriptor ${fd} is not open`, hint);
  }
  if (LINK[kind].test(link)) return link;
  const hint = {
    'fault queue': 'IOMMU_FAULT_QUEUE_ALLOC',
    iommufd: 'open("/dev/iommu")',
    'VFIO device': 'open("/dev/vfio/devices/vfioN")',
  };
  throw new Refusal(
    'refused',
    `${what} is not ${ARTICLE[kind]}: descriptor ${fd} is ${inWords(fd, link)}`,
    `pass the descriptor that ${hint[kind]} returned`,
  );
}

/** Is it known that its IOMMU group has no other device? By where a descriptor of it leads. */
export function isAlone(files: Files, link: string): boolean {
  return ifRefused(
    () => files.list(`/sys/class/vfio-dev/${vfioName(link)}/device/iommu_group/devices`).length === 1,
    () => false,
  );
}

const vfioName = (link: string): string => link.slice(link.lastIndexOf('/') + 1);

/** The name on its bus of the device behind a VFIO character device, from where a descriptor of it leads. */
export function deviceName(files: Files, link: string): string {
  const name = vfioName(link);
  try {
    const device = files.realPath(`/sys/class/vfio-dev/${name}/device`);
    return joinLines(device.slice(device.lastIndexOf('/') + 1));
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    return joinLines(name);
  }
}
