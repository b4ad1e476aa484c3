// What is known about a device of the host. `iopftop devices --json` prints it unchanged: the names are those of the
// schema.
import type { ExtendedSpace } from './capabilities.ts';
import type { PciCapabilities } from './config-space.ts';
import type { GroupInfo } from './group.ts';
import type { IommuInfo } from './iommu-kinds.ts';
import type { AtsDecision, PriTime } from './kernel-ats.ts';
import type { PciIdentity } from './pci-ids.ts';
import type { Unread } from './reading.ts';
import type { Finding } from './verdict/finding.ts';

/** SR-IOV: PF, VF or neither. */
export interface FunctionInfo {
  readonly kind: 'physical' | 'virtual';
  /** Of a VF: the address of its PF. */
  readonly physicalFunction: string | null;
  /** Of a VF: the capabilities of its PF, which it shares; null where they could not be read. */
  readonly sharedCapabilities: PciCapabilities | null;
  /** Of a PF: how many VFs it has now, and can have. */
  readonly virtualFunctions: number;
  readonly mostVirtualFunctions: number;
}

export interface VfioInfo {
  /** vfio0 */
  readonly name: string;
  /** /dev/vfio/devices/vfio0; null where the kernel makes no character devices of VFIO devices. */
  readonly path: string | null;
}

/** A process that has its VFIO device open. */
export interface Opener {
  readonly pid: number;
  readonly comm: string;
  readonly fd: number;
  /** What it has open: the character device of the device, or of its group. */
  readonly path: string;
}

export interface DeviceInfo {
  /** Its name on its bus: 0000:17:00.0, iommufd_mock0, the UUID of an mdev. */
  readonly address: string;
  /** pci, platform, mdev, …; null where the kernel names none. */
  readonly bus: string | null;
  /** In sysfs, symbolic links resolved. */
  readonly path: string;
  /** null: not a PCI device. */
  readonly pci: PciIdentity | null;
  /** null: not a PCI device. */
  readonly function: FunctionInfo | null;
  /** Header type of its configuration space without the multi-function bit; null: not a PCI device, or it could not be read. */
  readonly headerType: number | null;
  readonly driver: string | null;
  /** What driver_override says; null: nothing, or there is none. */
  readonly driverOverride: string | null;
  /** null: in no IOMMU group. */
  readonly group: GroupInfo | null;
  /** null: behind no IOMMU. */
  readonly iommu: IommuInfo | null;
  /** ATS, PASID and PRI as far as they were found; null: not a PCI device, or nothing of it could be read (`extendedSpace`). */
  readonly capabilities: PciCapabilities | null;
  /** What came of reading the extended configuration space; null: not a PCI device. */
  readonly extendedSpace: ExtendedSpace | null;
  /** Why the kernel does not use its ATS, and so not its PRI; null: no sign that it does not, or not a PCI device. */
  readonly kernelAts: AtsDecision | null;
  /**
   * When VT-d turns its PRI on, read only if its PRI, or that of another device in its group, is off; null: it is on, or
   * this is unknown.
   */
  readonly priTime: PriTime;
  /** Its configuration space reads as all ones. */
  readonly gone: boolean;
  /** The kernel knows how to reset it alone (pci_reset_supported()), and does when VFIO opens it; null: not a PCI device. */
  readonly resettable: boolean | null;
  /** Its firmware says that it can be stalled (Arm SMMUv3); null: unknown. */
  readonly canStall: boolean | null;
  readonly vfio: VfioInfo | null;
  /** Who else has its VFIO character device open, or the device of its group or of another member. */
  readonly openers: readonly Opener[];
  /** Why VFIO will not take it, or it could not be opened then; null: no known obstacle. */
  readonly refusal: Finding | null;
  /** What would be lost if it were taken from its driver, in words; [] for devices that VFIO has, and for bridges. */
  readonly uses: readonly string[];
  /** Possible uses that cannot be seen from here, in words; they count as uses. */
  readonly unseenUses: readonly string[];
  readonly unread: readonly Unread[];
}
