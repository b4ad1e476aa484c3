// drivers/iommu/io-pgfault.c: partial faults, groups, and which attachment a fault belongs to.
import { PageResponse, type PageResponseCode, PgfaultFlag } from '../../uapi/iommufd.ts';

/** struct iommu_fault_page_request */
export interface Fault {
  readonly flags: number;
  readonly pasid: number;
  readonly grpid: number;
  readonly perm: number;
  readonly addr: bigint;
}

/** What the core sees of a domain (an HWPT's, or the one of an SVA bond). */
export interface IopfDomain {
  readonly nested: boolean;
  /** IOMMU_DOMAIN_SVA: it translates by the tables of a process. */
  readonly sva?: boolean;
  /** domain->iopf_handler; absent where nobody takes faults. */
  readonly iopfHandler: ((group: IopfGroup) => void) | undefined;
}

/** struct iommu_attach_handle: one per attachment, so that a detach answers its own groups and no others. */
export interface AttachHandle {
  readonly domain: IopfDomain;
  /** The iommufd device id that a record shows. */
  readonly devId: number;
}

/** What the core needs of a device. */
export interface IopfDevice {
  /** group->pasid_array; 0 is the device itself. */
  readonly handles: ReadonlyMap<number, AttachHandle>;
  /** The driver's user_pasid_table. */
  readonly userPasidTable: boolean;
  /** The driver's page_response callback. */
  pageResponse(pasid: number, grpid: number, code: PageResponseCode): void;
}

/** struct iopf_group: `faults` end with the one that has LAST_PAGE. */
export interface IopfGroup {
  readonly device: IopfDevice;
  readonly handle: AttachHandle;
  readonly faults: readonly Fault[];
}

/** iopf_group_response() */
export function respond(group: IopfGroup, code: PageResponseCode): void {
  const last = group.faults[group.faults.length - 1] as Fault;
  group.device.pageResponse(last.pasid, last.grpid, code);
}

/** find_fault_handler() */
function findHandler(device: IopfDevice, fault: Fault): AttachHandle | undefined {
  let handle: AttachHandle | undefined;
  if (fault.flags & PgfaultFlag.PASID_VALID) {
    handle = device.handles.get(fault.pasid);
    if (!handle) {
      const onDevice = device.handles.get(0);
      handle = device.userPasidTable && onDevice?.domain.nested ? onDevice : undefined;
    }
  } else {
    handle = device.handles.get(0);
  }
  return handle?.domain.iopfHandler ? handle : undefined;
}

/** struct iommu_fault_param of one device: exists while some fault-capable domain is attached. */
export class FaultParam {
  #enabled = 0;
  #partial: Fault[] = [];

  /** iopf_queue_add_device(), for each domain that faults are delivered to. */
  enable(): void {
    this.#enabled++;
  }

  /** iopf_queue_remove_device(): the last one drops the partial faults. */
  disable(): void {
    if (--this.#enabled === 0) this.#partial = [];
  }

  /** How many partial faults wait for their last page. */
  get partials(): number {
    return this.#partial.length;
  }

  /** iommu_report_device_fault() */
  report(device: IopfDevice, fault: Fault): void {
    const handle = findHandler(device, fault);
    if (!handle || this.#enabled === 0) {
      device.pageResponse(fault.pasid, fault.grpid, PageResponse.INVALID);
      return;
    }
    if (!(fault.flags & PgfaultFlag.LAST_PAGE)) {
      this.#partial.push(fault);
      return;
    }
    handle.domain.iopfHandler?.({ device, handle, faults: this.#collect(fault) });
  }

  /** iopf_group_alloc(): the partials with the same grpid, whatever their PASID, oldest first, then the last. */
  #collect(last: Fault): readonly Fault[] {
    if (this.#partial.length === 0) return [last];
    const mine = this.#partial.filter((f) => f.grpid === last.grpid);
    if (mine.length === 0) return [last];
    this.#partial = this.#partial.filter((f) => f.grpid !== last.grpid);
    mine.push(last);
    return mine;
  }
}
