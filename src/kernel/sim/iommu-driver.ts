// What the driver of an IOMMU does for one of its devices: struct iommu_ops and the little else that iommufd asks.
import type { AttachHandle, IopfDomain } from './iopf.ts';
import type { DomainGeometry } from './iopt.ts';

/** A domain as drivers see it. */
export interface DriverDomain extends IopfDomain {
  readonly dirty: boolean;
  /** The driver that made it. */
  readonly driver: string;
  /** The flags that it was made with, without FAULT_ID_VALID. */
  readonly flags: number;
  /** Of a nested domain. */
  readonly nestedData?: NestedData;
}

/** What a driver keeps of the data that a nested domain was made with. */
export interface NestedData {
  /** The mock driver's. */
  readonly iotlb?: number;
  /** VT-d's: IOMMU_VTD_S1_… and the width of the guest's addresses. */
  readonly vtd?: { readonly flags: bigint; readonly addrWidth: number };
}

/** struct iommu_user_data: what came with IOMMU_HWPT_ALLOC. */
export interface UserData {
  readonly type: number;
  readonly length: number;
  /** The bytes, or -EFAULT. */
  read(): Uint8Array | number;
}

export interface ResvRegion {
  readonly start: bigint;
  readonly last: bigint;
}

export interface HwInfo {
  /** enum iommu_hw_info_type */
  readonly type: number;
  readonly data: Uint8Array;
}

/** Methods that return a number refuse with a negative errno. */
export interface IommuDriver {
  /** A domain of another one is EINVAL to attach (domain_iommu_ops_compatible()). */
  readonly name: string;
  /** dev->iommu->max_pasids. With 0, attaching a PASID does nothing, and succeeds (__iommu_set_group_pasid()). */
  readonly maxPasids: number;
  /** Its domains have a set_dev_pasid(); without one, attaching a PASID is EOPNOTSUPP. */
  readonly attachesPasids: boolean;
  /** ops->user_pasid_table: faults of PASIDs that nothing is attached to go to a nested domain on the device. */
  readonly userPasidTable: boolean;
  /** A VF whose PF has PRI: iommufd attaches no HWPT with a fault object to it (iommufd_hwpt_compatible_device()). */
  readonly sharesPri: boolean;
  /** What its IOMMU group is, which may have other devices too; absent: it is alone. */
  readonly group?: object | undefined;
  /** What no address may be mapped to while the device is attached. */
  readonly reserved: readonly ResvRegion[];
  /** IOMMU_CAP_DIRTY_TRACKING */
  readonly dirtyTracking: boolean;
  /** enum iommufd_hw_capabilities, beside DIRTY_TRACKING. */
  readonly capabilities: bigint;
  /** ops->hw_info(); `type` 0 is the default one. */
  hwInfo(type: number): HwInfo | number;
  /** ops->domain_alloc_paging_flags() */
  allocPaging(flags: number, data: UserData | undefined): DomainGeometry | number;
  /** ops->domain_alloc_nested(), absent where there is none. */
  allocNested?(flags: number, data: UserData): NestedData | number;
  /** What iommufd_device_bind() asks before the device is `owner`'s: coherency, interrupts, the group's DMA owner. */
  claim(owner: object): number;
  /** iommu_device_release_dma_owner() */
  release(): void;
  /** domain->ops->attach_dev() for PASID 0, set_dev_pasid() for others. */
  attach(pasid: number, domain: DriverDomain): number;
  /** Called on a detach. */
  detached?(pasid: number): void;
  /** Whether the device's faults come while it is attached to that domain. */
  delivers(domain: IopfDomain): boolean;
  /** What the device is attached to now, by PASID: it may switch page requests on or off. */
  attached?(handles: ReadonlyMap<number, AttachHandle>): void;
}
