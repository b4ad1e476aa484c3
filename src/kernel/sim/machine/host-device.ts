// A device of the machine while it runs: what it is bound to, its registers, and its group.
import { Errno } from '../../../uapi/errno.ts';
import type { SimVfioDevice } from '../vfio.ts';
import { ConfigSpace, ExtendedCapability } from './config-space.ts';
import type { DeviceSpec, DriverSpec, IommuSpec } from './spec.ts';

interface Surroundings {
  readonly iommu: IommuSpec | undefined;
  readonly group: IommuGroup | undefined;
  readonly vfs: number;
  readonly isolated: boolean;
  /** pci=noats */
  readonly noAts: boolean;
}

export class HostDevice {
  readonly spec: DeviceSpec;
  readonly iommu: IommuSpec | undefined;
  /** Its directory in sysfs. */
  readonly path: string;
  /** null: not a PCI function. */
  readonly config: ConfigSpace | null;
  readonly group: IommuGroup | undefined;
  /** pdev->pri_enabled */
  priEnabled = false;
  /** Without it the kernel enables no PASIDs (pci_enable_pasid()). */
  readonly isolated: boolean;
  readonly #noAts: boolean;
  physfn: HostDevice | undefined;
  readonly virtfns: HostDevice[] = [];
  driver: DriverSpec | undefined;
  /** dev->driver_override.name */
  override: string | undefined;
  /** The VFIO device, while a VFIO driver has it. */
  vfio: { readonly number: number; readonly device: SimVfioDevice } | undefined;

  constructor(spec: DeviceSpec, place: Surroundings) {
    this.spec = spec;
    this.iommu = place.iommu;
    this.group = place.group;
    this.isolated = place.isolated;
    this.#noAts = place.noAts || (spec.bus === 'pci' && spec.untrusted === true);
    this.path = `/sys/devices/${spec.parent}/${spec.address}`;
    this.config = spec.bus === 'pci' ? new ConfigSpace(spec, { functions: 1, vfs: place.vfs }) : null;
    place.group?.devices.push(this);
  }

  get address(): string {
    return this.spec.address;
  }

  /** Where a capability that the kernel uses is in config space; of what VFs share, their PF's. 0: there is none. */
  capability(id: number): number {
    // pci_ats_supported()
    if (id === ExtendedCapability.ATS && this.#noAts) return 0;
    const shared = id === ExtendedCapability.PRI || id === ExtendedCapability.PASID;
    const { config, spec } = shared ? (this.physfn ?? this) : this;
    return spec.bus === 'pci' && spec.unreached ? 0 : (config?.find(id) ?? 0);
  }
}

/** struct iommu_group: who may do DMA with its devices. */
export class IommuGroup {
  readonly number: number;
  readonly devices: HostDevice[] = [];
  /** The iommufd context that owns it, and how many of its devices have been bound to that. */
  #owner: object | undefined;
  #count = 0;
  /** Its own device file is open, by a process that uses VFIO the old way. */
  opened = false;

  constructor(number: number) {
    this.number = number;
  }

  /** Devices whose drivers do DMA through the kernel (driver_managed_dma is not set): they keep user space out. */
  get kernelUsers(): readonly HostDevice[] {
    return this.devices.filter(({ driver }) => driver && !driver.managedDma);
  }

  /** IOMMU_RESV_DIRECT: its devices have require_direct. */
  get firmwareMemory(): readonly (readonly [bigint, bigint])[] {
    return this.devices.flatMap(({ spec }) => (spec.bus === 'pci' && spec.firmwareMemory ? [spec.firmwareMemory] : []));
  }

  /** iommu_device_claim_dma_owner(), which attaches the blocking domain. */
  claim(owner: object): number {
    if (this.firmwareMemory.length > 0) return -Errno.EINVAL;
    if (this.kernelUsers.length > 0) return -Errno.EPERM;
    if (this.#count > 0 && this.#owner !== owner) return -Errno.EPERM;
    this.#owner = owner;
    this.#count++;
    return 0;
  }

  /** iommu_device_release_dma_owner() */
  release(): void {
    if (--this.#count === 0) this.#owner = undefined;
  }

  /** iommu_device_use_default_domain(), which a driver needs before it is probed. */
  claimForKernel(): number {
    return this.#count > 0 ? -Errno.EBUSY : 0;
  }
}
