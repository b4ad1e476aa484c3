// IOMMU groups: their members, and whether VFIO can take one.
import { readPageRequests } from './capabilities.ts';
import { basename, type Reading } from './reading.ts';

export interface GroupMember {
  readonly address: string;
  readonly bus: string | null;
  readonly driver: string | null;
  /** vfioN; null: it is not a VFIO device. */
  readonly vfio: string | null;
  /** It blocks VFIO for the group: its driver uses DMA through the kernel. */
  readonly blocks: boolean;
  /** It has ATS and PRI; null: that could not be read. */
  readonly pageRequests: boolean | null;
  /** Its PRI is on; null: that could not be read, or it has none. */
  readonly pageRequestsOn: boolean | null;
}

export interface GroupInfo {
  readonly id: number;
  /** Of its default domain: DMA, DMA-FQ, identity, blocked, unknown; null where it could not be read. */
  readonly type: string | null;
  /** `vfio-noiommu` and the like; most groups have none. */
  readonly name: string | null;
  /** The others in it. */
  readonly members: readonly GroupMember[];
  /** No other member blocks VFIO. */
  readonly viable: boolean;
}

/** Drivers that leave DMA to user space or do none (`driver_managed_dma`), besides those of VFIO. */
const HARMLESS: readonly string[] = ['pci-stub', 'pcieport'];

/** vfio-pci, mlx5_vfio_pci, vfio-platform, … */
export const isVfioDriver = (driver: string): boolean => /(^|[-_])vfio([-_]|$)/.test(driver);

/**
 * A driver that uses DMA through the kernel holds the group's default domain (iommu_device_use_default_domain), and
 * iommu_device_claim_dma_owner() refuses it to VFIO. A device without a driver blocks nothing.
 */
export const blocksGroup = (driver: string | null): boolean =>
  driver !== null && !isVfioDriver(driver) && !HARMLESS.includes(driver);

/** The name of the VFIO device that a device is, or null. */
export const vfioName = (reading: Reading, path: string): string | null =>
  reading.list(`${path}/vfio-dev`, 'a VFIO device').find((entry) => /^vfio\d+$/.test(entry)) ?? null;

/** The members of groups, read once for all of them: what could not be read is recorded here. */
export interface KnownGroups {
  readonly reading: Reading;
  /** By the number of the group. */
  readonly members: Map<number, readonly GroupMember[]>;
}

/** The group of the device in `path`, without itself; null: it has none. Members that are known are not read again. */
export function readGroup(reading: Reading, path: string, address: string, known: KnownGroups): GroupInfo | null {
  const id = Number(reading.linkName(`${path}/iommu_group`, 'the IOMMU group') ?? 'none');
  if (!Number.isInteger(id)) return null;
  const group = `${path}/iommu_group`;
  const all = known.members.get(id) ?? readMembers(known.reading, `${group}/devices`);
  known.members.set(id, all);
  const members = all.filter((member) => member.address !== address);
  return {
    id,
    type: reading.text(`${group}/type`, 'the type of the IOMMU group'),
    name: reading.text(`${group}/name`, 'the name of the IOMMU group'),
    members,
    viable: members.every(({ blocks }) => !blocks),
  };
}

function readMembers(reading: Reading, path: string): GroupMember[] {
  const names = reading.list(path, 'the members of the IOMMU group');
  // A device alone in its group has no other members.
  return names.length < 2 ? [] : names.map((name) => memberOf(reading, `${path}/${name}`));
}

function memberOf(reading: Reading, path: string): GroupMember {
  const driver = reading.linkName(`${path}/driver`, 'the driver of a member of the IOMMU group');
  // VFIO drivers can have any name; their devices have a VFIO device.
  const vfio = vfioName(reading, path);
  const bus = reading.linkName(`${path}/subsystem`, 'the bus of a member of the IOMMU group');
  const blocks = vfio === null && blocksGroup(driver);
  const requests = readPageRequests(reading, path, bus, ' of another member of its group');
  return {
    address: basename(path),
    bus,
    driver,
    vfio,
    blocks,
    pageRequests: requests.has,
    pageRequestsOn: requests.on,
  };
}
