// Arm SMMUv3 (drivers/iommu/arm/arm-smmu-v3 of 7.2): faults come from devices that can stall. Others attach just as well,
// and nothing ever arrives; page requests (PRI) are not taken at all.
import { Errno } from '../../../uapi/errno.ts';
import { HwptAllocFlag } from '../../../uapi/iommufd.ts';
import { struct } from '../../../uapi/struct.ts';
import type { DriverDomain, HwInfo, UserData } from '../iommu-driver.ts';
import type { IopfDomain } from '../iopf.ts';
import type { DomainGeometry } from '../iopt.ts';
import { AtsControl, ExtendedCapability, PasidControl } from './config-space.ts';
import { HostDriver } from './driver-base.ts';
import type { HostDevice } from './host-device.ts';
import type { Smmu } from './spec.ts';

const TYPE_ARM_SMMUV3 = 2;
const hwInfoSmmu = struct('iommu_hw_info_arm_smmuv3', 40, {
  flags: 'u32',
  reserved: 'u32',
  idr0: 'u32',
  idr1: 'u32',
  idr2: 'u32',
  idr3: 'u32',
  idr4: 'u32',
  idr5: 'u32',
  iidr: 'u32',
  aidr: 'u32',
});
const { NEST_PARENT, PASID } = HwptAllocFlag;
const STAGE_1: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 48n) - 1n, pageSize: 4096n };
const STAGE_2: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 44n) - 1n, pageSize: 4096n };

export class SmmuDriver extends HostDriver {
  readonly name = 'arm-smmu-v3';
  readonly dirtyTracking = false;
  override readonly userPasidTable = true;
  protected readonly isolatesInterrupts = true;
  readonly #iommu: Smmu;

  constructor(device: HostDevice, iommu: Smmu, unsafeInterrupts: () => boolean) {
    super(device, unsafeInterrupts);
    this.#iommu = iommu;
    const { config } = device;
    const pasid = config?.find(ExtendedCapability.PASID) ?? 0;
    if (pasid !== 0) config?.change16(pasid + PasidControl.at, PasidControl.ENABLE, true);
    this.pasidEnabled = this.maxPasids > 0;
    const ats = config?.find(ExtendedCapability.ATS) ?? 0;
    this.atsEnabled = ats !== 0;
    if (ats !== 0) config?.change16(ats + AtsControl.at, AtsControl.ENABLE, true);
  }

  protected get atsSupported(): boolean {
    return this.device.capability(ExtendedCapability.ATS) !== 0;
  }

  get maxPasids(): number {
    return this.devicePasids;
  }

  /** arm_smmu_hw_info() */
  hwInfo(type: number): HwInfo | number {
    if (type !== 0 && type !== TYPE_ARM_SMMUV3) return -Errno.EOPNOTSUPP;
    const [idr0, idr1, idr2, idr3, idr4, idr5, iidr, aidr] = this.#iommu.registers;
    return { type: TYPE_ARM_SMMUV3, data: hwInfoSmmu.encode({ idr0, idr1, idr2, idr3, idr4, idr5, iidr, aidr }) };
  }

  /** arm_smmu_domain_alloc_paging_flags(); nesting needs a vIOMMU, which is why there is no allocNested. */
  allocPaging(flags: number, data: UserData | undefined): DomainGeometry | number {
    if (data) return -Errno.EOPNOTSUPP;
    if (flags === 0 || flags === PASID) return STAGE_1;
    return flags === NEST_PARENT ? STAGE_2 : -Errno.EOPNOTSUPP;
  }

  /** arm_smmu_attach_prepare(), arm_smmu_enable_iopf() */
  attach(_pasid: number, domain: DriverDomain): number {
    return domain.iopfHandler && !this.#iommu.sva ? -Errno.EOPNOTSUPP : 0;
  }

  delivers(domain: IopfDomain): boolean {
    return domain.iopfHandler !== undefined && this.device.spec.stall === true;
  }
}
