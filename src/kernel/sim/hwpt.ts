// IOAS and HWPT objects (iommufd/{ioas,hw_pagetable}.c) with the domains that are theirs.
import { HwptAllocFlag } from '../../uapi/iommufd.ts';
import type { IommufdFault } from './fault-queue.ts';
import type { DriverDomain, NestedData } from './iommu-driver.ts';
import type { IopfGroup } from './iopf.ts';
import { type DomainGeometry, IoPagetable } from './iopt.ts';
import type { AddressSpace } from './memory.ts';
import { IommufdObject } from './objects.ts';
import { ULONG_MAX } from './ranges.ts';

export class Ioas extends IommufdObject {
  readonly type = 'ioas';
  readonly iopt: IoPagetable;
  /** ioas->hwpt_list, oldest first */
  readonly hwpts: HwptPaging[] = [];

  constructor(memory: AddressSpace) {
    super();
    this.iopt = new IoPagetable(memory);
  }

  /** iommufd_ioas_destroy() */
  destroy(): void {
    this.iopt.unmapRange(0n, ULONG_MAX);
  }
}

/** struct iommufd_hw_pagetable with its domain. */
export abstract class Hwpt extends IommufdObject implements DriverDomain {
  abstract readonly nested: boolean;
  readonly driver: string;
  readonly flags: number;
  #fault: IommufdFault | undefined;
  iopfHandler: ((group: IopfGroup) => void) | undefined;

  /** `flags` are those of IOMMU_HWPT_ALLOC without FAULT_ID_VALID. */
  constructor(driver: string, flags: number) {
    super();
    this.driver = driver;
    this.flags = flags;
  }

  get pasidCompat(): boolean {
    return (this.flags & HwptAllocFlag.PASID) !== 0;
  }

  /** domain->dirty_ops: a device without dirty tracking cannot be attached. */
  get dirty(): boolean {
    return (this.flags & HwptAllocFlag.DIRTY_TRACKING) !== 0;
  }

  get fault(): IommufdFault | undefined {
    return this.#fault;
  }

  /** The end of iommufd_hwpt_alloc(): faults of what is attached here go to `fault`. */
  setFault(fault: IommufdFault): void {
    this.#fault = fault;
    fault.users++;
    this.iopfHandler = (group) => fault.enqueue(group);
  }

  /** find_hwpt_paging() */
  abstract get paging(): HwptPaging;

  /** __iommufd_hwpt_destroy() */
  destroy(): void {
    if (this.#fault) this.#fault.users--;
  }
}

export class HwptPaging extends Hwpt {
  readonly type = 'hwpt-paging';
  readonly nested = false;
  readonly ioas: Ioas;
  readonly geometry: DomainGeometry;
  autoDomain = false;

  constructor(ioas: Ioas, domain: { driver: string; flags: number; geometry: DomainGeometry }) {
    super(domain.driver, domain.flags);
    this.ioas = ioas;
    // A copy: the IOAS knows a domain's reservations by the identity of its geometry.
    this.geometry = { ...domain.geometry };
    ioas.users++;
  }

  get nestParent(): boolean {
    return (this.flags & HwptAllocFlag.NEST_PARENT) !== 0;
  }

  get paging(): HwptPaging {
    return this;
  }

  /** The domain's part of iommufd_hwpt_paging_alloc(): 0, or the negative errno of iopt_table_add_domain(). */
  fill(): number {
    const rc = this.ioas.iopt.addDomain(this.geometry);
    if (rc === 0) this.ioas.hwpts.push(this);
    return rc;
  }

  /** iommufd_hwpt_paging_destroy() */
  override destroy(): void {
    const index = this.ioas.hwpts.indexOf(this);
    if (index >= 0) {
      this.ioas.hwpts.splice(index, 1);
      this.ioas.iopt.removeDomain(this.geometry);
    }
    super.destroy();
    this.ioas.users--;
  }
}

const IOTLB_ENTRIES = 4;

export class HwptNested extends Hwpt {
  readonly type = 'hwpt-nested';
  readonly nested = true;
  readonly parent: HwptPaging;
  /** mock_iommu_domain_nested.iotlb */
  readonly iotlb: readonly number[];
  readonly nestedData: NestedData;

  constructor(parent: HwptPaging, domain: { driver: string; flags: number; data: NestedData }) {
    super(domain.driver, domain.flags);
    this.parent = parent;
    this.nestedData = domain.data;
    this.iotlb = new Array(IOTLB_ENTRIES).fill(domain.data.iotlb ?? 0);
    parent.users++;
  }

  get paging(): HwptPaging {
    return this.parent;
  }

  /** iommufd_hwpt_nested_destroy() */
  override destroy(): void {
    super.destroy();
    this.parent.users--;
  }
}
