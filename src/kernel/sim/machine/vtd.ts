// Intel VT-d (drivers/iommu/intel/{iommu,nested}.c of 7.2): ATS, PASIDs and page requests are switched on when the device
// is found, and an HWPT with a fault object is refused where page requests are not on.
import { Errno } from '../../../uapi/errno.ts';
import { HwptAllocFlag, HwptDataType, iommuHwptVtdS1 } from '../../../uapi/iommufd.ts';
import { struct } from '../../../uapi/struct.ts';
import type { DriverDomain, HwInfo, NestedData, UserData } from '../iommu-driver.ts';
import type { IopfDomain } from '../iopf.ts';
import type { DomainGeometry } from '../iopt.ts';
import { AtsControl, ExtendedCapability, PasidControl, PriStatus } from './config-space.ts';
import { HostDriver } from './driver-base.ts';
import type { HostDevice } from './host-device.ts';
import { EcapBit, type IntelIommu } from './spec.ts';

const TYPE_INTEL_VTD = 1;
const ERRATA_772415_SPR17 = 1;
const hwInfoVtd = struct('iommu_hw_info_vtd', 24, { flags: 'u32', reserved: 'u32', capReg: 'u64', ecapReg: 'u64' });
const FIRST_STAGE: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 47n) - 1n, pageSize: 4096n };
const SECOND_STAGE: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 48n) - 1n, pageSize: 4096n };
/** enum iommu_hwpt_vtd_s1_flags */
const VTD_S1_SRE = 1n;
const VTD_S1_EAFE = 2n;
/** cap_fl5lp_support() */
const FIVE_LEVELS = 1n << 60n;
const { NEST_PARENT, DIRTY_TRACKING, PASID } = HwptAllocFlag;

export class VtdDriver extends HostDriver {
  readonly name = 'intel-iommu';
  readonly #iommu: IntelIommu;
  readonly #priSupported: boolean;

  constructor(device: HostDevice, iommu: IntelIommu, unsafeInterrupts: () => boolean) {
    super(device, unsafeInterrupts);
    this.#iommu = iommu;
    // intel_iommu_probe_device()
    this.#priSupported =
      this.#scalable &&
      this.atsSupported &&
      this.#has(EcapBit.PAGE_REQUESTS) &&
      this.#has(EcapBit.PAGE_REQUEST_DRAIN) &&
      device.capability(ExtendedCapability.PRI) !== 0;
    this.#probeFinalize();
  }

  #has(bit: bigint): boolean {
    return (this.#iommu.ecap & bit) !== 0n;
  }

  /** sm_supported() */
  get #scalable(): boolean {
    return this.#iommu.scalable && this.#has(EcapBit.SCALABLE_MODE);
  }

  protected get atsSupported(): boolean {
    return this.#has(EcapBit.DEVICE_TLB) && this.device.capability(ExtendedCapability.ATS) !== 0;
  }

  protected get isolatesInterrupts(): boolean {
    return this.#has(EcapBit.INTERRUPT_REMAPPING);
  }

  get dirtyTracking(): boolean {
    return this.#scalable && this.#has(EcapBit.SECOND_STAGE_DIRTY);
  }

  /** dmar.c: alloc_iommu(); pasid_supported() is a matter of scalable mode too. */
  get maxPasids(): number {
    return this.#pasids ? Math.min(this.devicePasids, 2 << Number((this.#iommu.ecap >> 35n) & 31n)) : 0;
  }

  /** pasid_supported() */
  get #pasids(): boolean {
    return this.#scalable && this.#has(EcapBit.PASID);
  }

  /** intel_iommu_probe_finalize() */
  #probeFinalize(): void {
    const { config, physfn } = this.device;
    const pasidAt = config?.find(ExtendedCapability.PASID) ?? 0;
    if (this.#pasids && this.device.isolated && this.device.capability(ExtendedCapability.PASID) !== 0) {
      this.pasidEnabled = true;
      const features =
        config && pasidAt !== 0 ? config.get16(pasidAt + 4) & (PasidControl.EXEC | PasidControl.PRIVILEGED) : 0;
      if (pasidAt !== 0) config?.change16(pasidAt + PasidControl.at, PasidControl.ENABLE | features, true);
    }
    // In legacy mode domain_context_mapping() enables it, for the default domain already.
    if (this.atsSupported) {
      this.atsEnabled = true;
      const at = config?.find(ExtendedCapability.ATS) ?? 0;
      config?.change16(at + AtsControl.at, AtsControl.ENABLE, true);
    }
    if (this.atsEnabled && this.#priSupported && !(this.pasidEnabled && !this.#responsesHavePasid)) {
      this.device.priEnabled = true;
      if (!physfn) config?.setPri(true);
      this.#getIntoTrouble();
    }
  }

  /** What has happened to its page requests since, until it is reset. */
  #getIntoTrouble(): void {
    const { config, spec } = this.device;
    const trouble = spec.bus === 'pci' ? spec.capabilities.pri?.trouble : undefined;
    const at = (config?.find(ExtendedCapability.PRI) ?? 0) + PriStatus.at;
    if (trouble?.stopped) config?.change16(at, PriStatus.STOPPED, true);
    if (trouble?.responseFailure) config?.change16(at, PriStatus.RESPONSE_FAILURE, true);
  }

  /** pci_prg_resp_pasid_required() */
  get #responsesHavePasid(): boolean {
    const { config } = this.device.physfn ?? this.device;
    const at = config?.find(ExtendedCapability.PRI) ?? 0;
    return at !== 0 && config !== null && (config.get16(at + PriStatus.at) & PriStatus.PASID_REQUIRED) !== 0;
  }

  /** intel_iommu_hw_info() */
  hwInfo(type: number): HwInfo | number {
    if (type !== 0 && type !== TYPE_INTEL_VTD) return -Errno.EOPNOTSUPP;
    const { cap, ecap } = this.#iommu;
    const data = hwInfoVtd.encode({ flags: ERRATA_772415_SPR17, capReg: cap, ecapReg: ecap });
    return { type: TYPE_INTEL_VTD, data };
  }

  /** intel_iommu_domain_alloc_paging_flags(): a first-stage table if it does, else a second-stage one. */
  allocPaging(flags: number, data: UserData | undefined): DomainGeometry | number {
    if (data) return -Errno.EOPNOTSUPP;
    if ((flags & ~PASID) === 0 && this.#scalable && this.#has(EcapBit.FIRST_STAGE)) return FIRST_STAGE;
    if ((flags & ~(NEST_PARENT | DIRTY_TRACKING | PASID)) !== 0) return -Errno.EOPNOTSUPP;
    if (flags & NEST_PARENT && !this.#nests) return -Errno.EOPNOTSUPP;
    if (this.#scalable && !this.#has(EcapBit.SECOND_STAGE)) return -Errno.EOPNOTSUPP;
    return SECOND_STAGE;
  }

  /** nested_supported() */
  get #nests(): boolean {
    return this.#scalable && this.#has(EcapBit.NEST);
  }

  /** intel_iommu_domain_alloc_nested(), iommu_copy_struct_from_user(); its data is checked when it is attached. */
  allocNested(flags: number, { type, length, read }: UserData): NestedData | number {
    if (!this.#nests || (flags & ~PASID) !== 0 || type !== HwptDataType.VTD_S1) return -Errno.EOPNOTSUPP;
    if (length < iommuHwptVtdS1.size) return -Errno.EINVAL;
    const bytes = read();
    if (typeof bytes === 'number') return bytes;
    if (bytes.subarray(iommuHwptVtdS1.size).some((byte) => byte !== 0)) return -Errno.E2BIG;
    return { vtd: iommuHwptVtdS1.decode(bytes) };
  }

  /** intel_iommu_attach_device(), intel_iommu_set_dev_pasid(), intel_nested_attach_dev(): iopf_for_domain_set() */
  attach(pasid: number, domain: DriverDomain): number {
    if (pasid !== 0 && !this.#pasids) return -Errno.EOPNOTSUPP;
    if (domain.dirty && !this.dirtyTracking) return -Errno.EINVAL;
    // intel_iommu_enable_iopf()
    if (domain.iopfHandler && !this.#reached(pasid).every(({ priEnabled }) => priEnabled)) return -Errno.ENODEV;
    return domain.nestedData ? this.#nest(domain.nestedData) : 0;
  }

  /**
   * A domain is attached to every device of the group, ports included (__iommu_group_set_domain_internal()); with a PASID to
   * those that have PASIDs (__iommu_set_group_pasid()).
   */
  #reached(pasid: number): readonly HostDevice[] {
    const members = this.device.group?.devices ?? [this.device];
    return pasid === 0 ? members : members.filter((member) => member.capability(ExtendedCapability.PASID) !== 0);
  }

  /** intel_pasid_setup_nested() */
  #nest({ vtd }: NestedData): number {
    const fits = vtd?.addrWidth === 48 || (vtd?.addrWidth === 57 && (this.#iommu.cap & FIVE_LEVELS) !== 0n);
    if (!vtd || !fits) return -Errno.EINVAL;
    if (vtd.flags & VTD_S1_SRE && !this.#has(EcapBit.SUPERVISOR_REQUESTS)) return -Errno.EINVAL;
    return vtd.flags & VTD_S1_EAFE && !this.#has(EcapBit.EXTENDED_ACCESS) ? -Errno.EINVAL : 0;
  }

  /** pcie_flr() and pci_restore_pri_state(): page requests are as at the start. */
  override reset(): void {
    const { config, spec } = this.device;
    if (spec.bus !== 'pci' || !(spec.reset ?? true) || config?.find(ExtendedCapability.PRI) === 0) return;
    const at = (config?.find(ExtendedCapability.PRI) ?? 0) + PriStatus.at;
    config?.change16(at, PriStatus.RESPONSE_FAILURE, false);
    config?.setPri(this.device.priEnabled);
  }

  /** Requests of a device whose PRI is in trouble, or that may have none outstanding, never come. */
  delivers(domain: IopfDomain): boolean {
    const { config } = this.device.physfn ?? this.device;
    if (config?.priCredits === 0) return false;
    const at = (config?.find(ExtendedCapability.PRI) ?? 0) + PriStatus.at;
    const failed = ((config?.get16(at) ?? 0) & (PriStatus.RESPONSE_FAILURE | PriStatus.STOPPED)) !== 0;
    return domain.iopfHandler !== undefined && this.device.priEnabled && !failed;
  }
}
