// What the drivers of the machine's IOMMUs have in common: a device belongs to the owner of its group.
import { Errno } from '../../../uapi/errno.ts';
import { HwCapability } from '../../../uapi/iommufd.ts';
import type { DriverDomain, HwInfo, IommuDriver, ResvRegion, UserData } from '../iommu-driver.ts';
import type { AttachHandle, IopfDomain } from '../iopf.ts';
import type { DomainGeometry } from '../iopt.ts';
import { ExtendedCapability, PasidControl } from './config-space.ts';
import type { HostDevice } from './host-device.ts';
import { RESERVED } from './iommu-files.ts';

export abstract class HostDriver implements IommuDriver {
  abstract readonly name: string;
  abstract readonly dirtyTracking: boolean;
  readonly attachesPasids: boolean = true;
  readonly userPasidTable: boolean = false;
  readonly reserved: readonly ResvRegion[];
  protected readonly device: HostDevice;
  readonly #unsafeInterrupts: () => boolean;
  /** Answers to pci_enable_…(): what this device has on now. */
  protected atsEnabled = false;
  protected pasidEnabled = false;

  constructor(device: HostDevice, unsafeInterrupts: () => boolean) {
    this.device = device;
    this.reserved = RESERVED[device.iommu?.kind ?? 'intel'];
    this.#unsafeInterrupts = unsafeInterrupts;
  }

  abstract readonly maxPasids: number;

  get group(): object | undefined {
    return this.device.group;
  }

  get sharesPri(): boolean {
    return this.device.physfn !== undefined && this.device.capability(ExtendedCapability.PRI) !== 0;
  }

  /** pci_max_pasids(), or the property pasid-num-bits: 0 where the device has no PASIDs. */
  protected get devicePasids(): number {
    const { spec } = this.device.physfn ?? this.device;
    const width = spec.bus === 'pci' ? spec.capabilities.pasid?.width : spec.pasidBits || undefined;
    return width === undefined ? 0 : 2 ** width;
  }

  /** IOMMU_CAP_PCI_ATS_SUPPORTED */
  protected abstract readonly atsSupported: boolean;
  /** iommu_group_has_isolated_msi() */
  protected abstract readonly isolatesInterrupts: boolean;

  get capabilities(): bigint {
    const at = this.device.capability(ExtendedCapability.PASID);
    const config = (this.device.physfn ?? this.device).config;
    const control = this.maxPasids > 0 && at !== 0 && config ? config.get16(at + PasidControl.at) : 0;
    return (
      (this.atsSupported ? 0n : HwCapability.PCI_ATS_NOT_SUPPORTED) |
      (control & PasidControl.EXEC ? HwCapability.PASID_EXEC : 0n) |
      (control & PasidControl.PRIVILEGED ? HwCapability.PASID_PRIVILEGED : 0n)
    );
  }

  abstract hwInfo(type: number): HwInfo | number;
  abstract allocPaging(flags: number, data: UserData | undefined): DomainGeometry | number;
  abstract attach(pasid: number, domain: DriverDomain): number;
  abstract delivers(domain: IopfDomain): boolean;
  attached?(handles: ReadonlyMap<number, AttachHandle>): void;

  /** iommufd_device_bind() */
  claim(owner: object): number {
    if (!this.isolatesInterrupts && !this.#unsafeInterrupts()) return -Errno.EPERM;
    return this.device.group?.claim(owner) ?? -Errno.ENODEV;
  }

  release(): void {
    this.device.group?.release();
  }

  /** vfio_pci_core_enable() resets what can be reset. */
  reset(): void {}
}
