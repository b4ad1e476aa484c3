// IOAS and HWPT objects (iommufd/{ioas,hw_pagetable}.c) with the mock driver's domains (selftest.c).
import type { FaultQueue } from './fault-queue.ts';
import type { IopfDomain, IopfGroup } from './iopf.ts';
import { type DomainGeometry, IoPagetable } from './iopt.ts';
import type { AddressSpace } from './memory.ts';
import { IommufdObject } from './objects.ts';
import { ULONG_MAX } from './ranges.ts';

/** enum in iommufd_test.h: MOCK_IOMMUPT_… */
export const PagetableType = { DEFAULT: 0, HUGE: 1 } as const;

/** MOCK_APERTURE_START, MOCK_APERTURE_LAST, MOCK_PAGE_SIZE */
const DEFAULT_GEOMETRY: DomainGeometry = { apertureStart: 1n << 24n, apertureLast: (1n << 31n) - 1n, pageSize: 2048n };
/** What pt_iommu_amdv1_mock_init() gives for the mock's configuration; seen on 7.2. */
const HUGE_GEOMETRY: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 38n) - 1n, pageSize: 4096n };

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
export abstract class Hwpt extends IommufdObject implements IopfDomain {
  abstract readonly nested: boolean;
  readonly pasidCompat: boolean;
  /** domain->dirty_ops: a device without dirty tracking cannot be attached. */
  readonly dirty: boolean;
  #fault: FaultQueue | undefined;
  iopfHandler: ((group: IopfGroup) => void) | undefined;

  constructor(options: { pasidCompat: boolean; dirty: boolean }) {
    super();
    this.pasidCompat = options.pasidCompat;
    this.dirty = options.dirty;
  }

  get fault(): FaultQueue | undefined {
    return this.#fault;
  }

  /** The end of iommufd_hwpt_alloc(): faults of what is attached here go to `fault`. */
  setFault(fault: FaultQueue): void {
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
  readonly nestParent: boolean;
  readonly geometry: DomainGeometry;
  autoDomain = false;

  constructor(ioas: Ioas, options: { pasidCompat: boolean; dirty: boolean; nestParent: boolean; huge: boolean }) {
    super(options);
    this.ioas = ioas;
    this.nestParent = options.nestParent;
    // A copy: the IOAS knows a domain's reservations by the identity of its geometry.
    this.geometry = { ...(options.huge ? HUGE_GEOMETRY : DEFAULT_GEOMETRY) };
    ioas.users++;
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

  constructor(parent: HwptPaging, options: { pasidCompat: boolean; iotlb: number }) {
    super({ ...options, dirty: false });
    this.parent = parent;
    this.iotlb = new Array(IOTLB_ENTRIES).fill(options.iotlb);
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
