// AMD's IOMMU (drivers/iommu/amd/{iommu,ppr}.c of 7.2): page requests are on while the device is attached to a domain with a
// v2 table, which HWPT_ALLOC gives for the PASID flag. But only requests with a PASID are taken, and only SVA domains attach
// to PASIDs: every HWPT with a fault object attaches, and nothing ever arrives.
import { Errno } from '../../../uapi/errno.ts';
import { HwptAllocFlag } from '../../../uapi/iommufd.ts';
import { struct } from '../../../uapi/struct.ts';
import type { DriverDomain, HwInfo, UserData } from '../iommu-driver.ts';
import type { AttachHandle, IopfDomain } from '../iopf.ts';
import type { DomainGeometry } from '../iopt.ts';
import { AtsControl, ExtendedCapability, PasidControl } from './config-space.ts';
import { HostDriver } from './driver-base.ts';
import type { HostDevice } from './host-device.ts';
import type { AmdIommu } from './spec.ts';

const TYPE_AMD = 4;
const hwInfoAmd = struct('iommu_hw_info_amd', 16, { efr: 'u64', efr2: 'u64' });
/** FEATURE_PPR, FEATURE_GT, FEATURE_GIOSUP, FEATURE_EPHSUP: amd_iommu_gt_ppr_supported() */
const PAGE_REQUESTS = (1n << 1n) | (1n << 4n) | (1n << 48n) | (1n << 50n);
/** FEATURE_HDSUP */
const DIRTY = 1n << 52n;
const { NEST_PARENT, DIRTY_TRACKING, PASID } = HwptAllocFlag;
const V1: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 48n) - 1n, pageSize: 4096n };
const V2: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 47n) - 1n, pageSize: 4096n };

export class AmdDriver extends HostDriver {
  readonly name = 'amd-iommu';
  override readonly attachesPasids = false;
  protected readonly isolatesInterrupts = true;
  readonly #iommu: AmdIommu;

  constructor(device: HostDevice, iommu: AmdIommu, unsafeInterrupts: () => boolean) {
    super(device, unsafeInterrupts);
    this.#iommu = iommu;
    // The default domain of such a device is identity, which pdom_is_sva_capable() counts in.
    this.#enable(device.spec.groupType === 'identity');
  }

  /** amd_iommu_gt_ppr_supported() */
  get #guests(): boolean {
    return (this.#iommu.efr & PAGE_REQUESTS) === PAGE_REQUESTS;
  }

  /** amd_iommu_hd_support() */
  get dirtyTracking(): boolean {
    return (this.#iommu.efr & DIRTY) !== 0n;
  }

  protected get atsSupported(): boolean {
    return this.device.capability(ExtendedCapability.ATS) !== 0;
  }

  get maxPasids(): number {
    const pasmax = Number((this.#iommu.efr >> 32n) & 31n);
    return this.#guests ? Math.min(this.devicePasids, 2 ** (pasmax + 1) - 1) : 0;
  }

  /** pdev_enable_caps(), pdev_disable_caps() */
  #enable(on: boolean): void {
    const { config } = this.device;
    if (!config) return;
    const enabled = on && this.#guests;
    const set = (id: number, register: { at: number; ENABLE: number }) => {
      const at = config.find(id);
      if (at !== 0) config.change16(at + register.at, register.ENABLE, enabled);
      return at !== 0 && enabled;
    };
    this.atsEnabled = set(ExtendedCapability.ATS, AtsControl);
    this.pasidEnabled = set(ExtendedCapability.PASID, PasidControl);
    this.device.priEnabled = this.atsEnabled && config.find(ExtendedCapability.PRI) !== 0;
    config.setPri(this.device.priEnabled);
  }

  /** amd_iommufd_hw_info() */
  hwInfo(type: number): HwInfo | number {
    if (type !== 0 && type !== TYPE_AMD) return -Errno.EOPNOTSUPP;
    const { efr, efr2 } = this.#iommu;
    return { type: TYPE_AMD, data: hwInfoAmd.encode({ efr, efr2 }) };
  }

  /** amd_iommu_domain_alloc_paging_flags() */
  allocPaging(flags: number, data: UserData | undefined): DomainGeometry | number {
    if (data || (flags & ~(NEST_PARENT | DIRTY_TRACKING | PASID)) !== 0) return -Errno.EOPNOTSUPP;
    if ((flags & PASID) === 0) return V1;
    return flags === PASID && this.#guests ? V2 : -Errno.EOPNOTSUPP;
  }

  /** amd_iommu_attach_device() */
  attach(_pasid: number, domain: DriverDomain): number {
    return domain.dirty && !this.dirtyTracking ? -Errno.EINVAL : 0;
  }

  /** ppr_is_valid(), iommu_call_iopf_notifier() */
  delivers(): boolean {
    return false;
  }

  /** The blocking domain takes the place of the default one. */
  override claim(owner: object): number {
    const rc = super.claim(owner);
    if (rc === 0) this.#enable(false);
    return rc;
  }

  override attached(handles: ReadonlyMap<number, AttachHandle>): void {
    const domain = handles.get(0)?.domain;
    this.#enable(domain !== undefined && isV2(domain));
  }

  /** Its group gets the default domain back. */
  override release(): void {
    super.release();
    this.#enable(this.device.spec.groupType === 'identity');
  }
}

const isV2 = (domain: IopfDomain): boolean => ((domain as DriverDomain).flags & PASID) !== 0;
