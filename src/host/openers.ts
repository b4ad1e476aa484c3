// Who has device nodes open or mapped: every descriptor and every mapping of a device, of every process whose descriptors
// are visible.
import type { DeviceInfo, Opener } from './device-info.ts';
import { Reading } from './reading.ts';
import { type DeviceUser, type Sweep, sweep } from './use/sweep.ts';

/** A descriptor of VFIO; in a container the same path may be deeper. */
const WANTED = /\/dev\/vfio\/(devices\/vfio\d+|\d+|noiommu-\d+)$/;
const VFIO = '/dev/vfio';

export const openWords = ({ pid, comm, path }: Pick<Opener, 'pid' | 'comm' | 'path'>): string =>
  `${comm} (PID ${pid}) has ${path} open`;

const holderWords = ({ pid, comm, path, fd }: DeviceUser): string =>
  fd === null ? `${comm} (PID ${pid}) has ${path} mapped` : openWords({ pid, comm, path });

/** One pass over all processes, at the first question that needs it. */
export class Openers {
  readonly #reading: Reading;
  #found: Sweep | null = null;
  #byPath: Map<string, Opener[]> | null = null;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get #sweep(): Sweep {
    this.#found ??= sweep(this.#reading);
    return this.#found;
  }

  /** False only if it is known to be absent. */
  get #hasVfio(): boolean {
    const reading = new Reading(this.#reading.files);
    return reading.isThere(VFIO) || reading.unread.length > 0;
  }

  /** Who has VFIO's nodes open, by their path on the host. Without VFIO nobody does, and no process is examined. */
  get byPath(): ReadonlyMap<string, readonly Opener[]> {
    if (this.#byPath) return this.#byPath;
    const byPath = new Map<string, Opener[]>();
    const holders = this.#hasVfio ? this.#sweep.holders : [];
    for (const { pid, comm, fd, path: link } of holders) {
      const path = WANTED.exec(link)?.[0];
      if (path === undefined || fd === null) continue;
      byPath.set(path, [...(byPath.get(path) ?? []), { pid, comm, fd, path }]);
    }
    this.#byPath = byPath;
    return byPath;
  }

  /** Processes whose descriptors could not be read; 0 if none had to be. */
  get hiddenProcesses(): number {
    return this.#hasVfio ? this.#sweep.hiddenProcesses : 0;
  }

  /** What cannot be seen of the processes, in words; null: all of them show what they have open. */
  get hidden(): string | null {
    return this.#sweep.hidden;
  }

  /** Who has the node of this kind and number (`259:1`) open or mapped, in words. */
  of(isMeant: (rdev: string, kind: 'character' | 'block') => boolean): string[] {
    const meant = this.#sweep.holders.filter(({ rdev, kind }) => rdev !== null && kind !== null && isMeant(rdev, kind));
    return [...new Set(meant.map(holderWords))];
  }

  /** Who has the file with this path mapped, in words. */
  mappedFiles(isMeant: (path: string) => boolean): string[] {
    const meant = this.#sweep.holders.filter(({ fd, path }) => fd === null && isMeant(path));
    return [...new Set(meant.map(holderWords))];
  }
}

/** Where the kernel and udev put it. */
export const vfioPath = (name: string): string => `/dev/vfio/devices/${name}`;

/** The owner of one device of a group owns the DMA of all of them (iommu_device_claim_dma_owner). */
export function openersOf(openers: Openers, { vfio, group }: Pick<DeviceInfo, 'vfio' | 'group'>): Opener[] {
  const members = group?.members.flatMap(({ vfio: name }) => (name === null ? [] : [vfioPath(name)])) ?? [];
  const paths = [...(vfio?.path ? [vfio.path] : []), ...members, ...(group ? [`${VFIO}/${group.id}`] : [])];
  return paths.flatMap((path) => openers.byPath.get(path) ?? []);
}

export const findOpeners = (reading: Reading): Openers => new Openers(reading);
