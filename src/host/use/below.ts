// What the drivers created for a device: the directories below its own in sysfs, and those elsewhere that belong to it.
import { basename, type Reading } from '../reading.ts';

/** A device with a number: there is, or can be, a node for it in /dev. */
export interface BlockNode {
  /** Its directory's name: sda1, nvme0n1, dsa!wq0.0. */
  readonly name: string;
  /** Its directory in sysfs. */
  readonly path: string;
  /** As in its file `dev`: `259:1`. */
  readonly rdev: string;
}

export interface Below {
  /** Every directory: of the device, below it, and of the heads of its NVMe namespaces. Symbolic links resolved. */
  readonly directories: readonly string[];
  readonly blocks: readonly BlockNode[];
  readonly characters: readonly BlockNode[];
  /** NVMe paths whose head is missing. */
  readonly headless: readonly string[];
  /** There are more directories than any device has: not all were read. */
  readonly endless: boolean;
}

/** A device has many of these, and nothing in them has users. */
const WITHOUT_USERS = /^(power|msi_irqs|queues|mq|statistics|trace|hwmon\d*|firmware_node|link)$/;
/** More than any device has; a loop in a fake sysfs ends there. */
const MOST = 20_000;

function directoriesBelow(reading: Reading, root: string): string[] {
  const found = [root];
  for (let at = 0; at < Math.min(found.length, MOST); at++) {
    const path = found[at]!;
    for (const name of reading.list(path, 'what is below the device')) {
      if (WITHOUT_USERS.test(name)) continue;
      if (reading.status(`${path}/${name}`)?.kind === 'directory') found.push(`${path}/${name}`);
    }
  }
  return found;
}

/** nvme1c0n1 is a path of nvme1n1, which is the disk (nvme_set_disk_name, nvme_mpath_alloc_disk). */
const headOf = (name: string): string => name.replace(/^(nvme\d+)c\d+(n\d+)$/, '$1$2');
const isPath = (name: string): boolean => /^nvme\d+c\d+n\d+$/.test(name);

/** Directories of the disks, and of their character devices (ng1n1), that the NVMe paths lead to. */
function headsOf(reading: Reading, paths: readonly string[]): { heads: string[]; headless: string[] } {
  const heads: string[] = [];
  const headless: string[] = [];
  for (const name of new Set(paths.map(basename).filter(isPath))) {
    const head = headOf(name);
    const disk = reading.realPath(`/sys/class/block/${head}`);
    const generic = reading.realPath(`/sys/class/nvme-generic/${head.replace('nvme', 'ng')}`);
    if (disk === null) headless.push(name);
    heads.push(...[disk, generic].filter((path) => path !== null));
  }
  return { heads, headless };
}

/** `path`: of the device, symbolic links resolved. */
export function readBelow(reading: Reading, path: string): Below {
  const own = directoriesBelow(reading, path);
  const { heads, headless } = headsOf(reading, own);
  const directories = [...new Set([...own, ...heads.flatMap((head) => directoriesBelow(reading, head))])];
  const blockPaths = new Set(
    reading.list('/sys/class/block', 'the block devices').map((name) => reading.realPath(`/sys/class/block/${name}`)),
  );
  const nodes = directories.flatMap((directory) => {
    const rdev = directory === path ? null : reading.text(`${directory}/dev`, 'the number of a device');
    return rdev !== null && /^\d+:\d+$/.test(rdev) ? [{ name: basename(directory), path: directory, rdev }] : [];
  });
  const isBlock = (node: BlockNode): boolean =>
    blockPaths.has(node.path) || reading.linkName(`${node.path}/subsystem`, 'the class of a device') === 'block';
  const blocks = nodes.filter(isBlock);
  const characters = nodes.filter((node) => !blocks.includes(node));
  return { directories, blocks, characters, headless, endless: directories.length >= MOST };
}
