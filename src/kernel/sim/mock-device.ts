// The mock driver's device (selftest.c) with the part of the IOMMU core that keeps its attachments (iommu.c). Every mock
// device is alone in its group.
import { Errno } from '../../uapi/errno.ts';
import type { PageResponseCode } from '../../uapi/iommufd.ts';
import { MOCK_PASID_WIDTH, MockDeviceFlag } from '../../uapi/selftest.ts';
import { type AttachHandle, type Fault, FaultParam, type IopfDevice, type IopfDomain } from './iopf.ts';

/** A domain as this driver tells them apart. */
export interface MockDomain extends IopfDomain {
  readonly dirty: boolean;
}

/** IOMMU_TEST_PASID_RESERVED: attaching a second domain to it fails every other time, so that rollback can be tested. */
const FAKE_ERROR_PASID = 1024;

/** What listens to the answers that a device gets. */
export type ResponseListener = (pasid: number, grpid: number, code: PageResponseCode) => void;

export class MockDevice implements IopfDevice {
  readonly flags: number;
  /** dev->iommu->max_pasids: with "pasid-num-bits" 0 it is 1, PASID 0 itself. */
  readonly maxPasids: number;
  readonly #handles = new Map<number, AttachHandle>();
  readonly #faults = new FaultParam();
  #domain: MockDomain | undefined;
  #fakeError = false;
  #listener: ResponseListener | undefined;
  /** group->owner: the iommufd context that bound it. */
  owner: object | undefined;

  constructor(flags: number) {
    this.flags = flags;
    this.maxPasids = flags & MockDeviceFlag.PASID ? 1 << MOCK_PASID_WIDTH : 1;
  }

  get handles(): ReadonlyMap<number, AttachHandle> {
    return this.#handles;
  }

  get partials(): number {
    return this.#faults.partials;
  }

  listen(listener: ResponseListener | undefined): void {
    this.#listener = listener;
  }

  /** mock_domain_page_response(), which does nothing; a simulated device behind it listens. */
  pageResponse(pasid: number, grpid: number, code: PageResponseCode): void {
    this.#listener?.(pasid, grpid, code);
  }

  /** iommu_report_device_fault() */
  report(fault: Fault): void {
    this.#faults.report(this, fault);
  }

  /** mock_domain_nop_attach(); undefined is the blocking domain. */
  #setDomain(domain: MockDomain | undefined): number {
    // __iommu_group_set_domain_internal() does not call the driver for the domain that is set already.
    if (domain === this.#domain) return 0;
    if (domain?.dirty && this.flags & MockDeviceFlag.NO_DIRTY) return -Errno.EINVAL;
    this.#faults.enable(domain);
    this.#faults.disable(this.#domain);
    this.#domain = domain;
    return 0;
  }

  /** mock_domain_set_dev_pasid_nop(); undefined is the blocking domain. */
  #setPasidDomain(pasid: number, domain: IopfDomain | undefined, old: IopfDomain | undefined): number {
    if (pasid === FAKE_ERROR_PASID) {
      const failing = domain !== undefined && this.#fakeError;
      this.#fakeError = domain !== undefined && !this.#fakeError;
      if (failing) return -Errno.ENOMEM;
    }
    this.#faults.enable(domain);
    this.#faults.disable(old);
    return 0;
  }

  /** iommu_attach_group_handle() for PASID 0, iommu_attach_device_pasid() for others. */
  attach(pasid: number, domain: MockDomain, handle: AttachHandle): number {
    if (pasid !== 0 && pasid >= this.maxPasids) return -Errno.EINVAL;
    if (this.#handles.has(pasid)) return -Errno.EBUSY;
    const rc = pasid === 0 ? this.#setDomain(domain) : this.#setPasidDomain(pasid, domain, undefined);
    if (rc === 0) this.#handles.set(pasid, handle);
    return rc;
  }

  /** iommu_replace_group_handle(), iommu_replace_device_pasid() */
  replace(pasid: number, domain: MockDomain, handle: AttachHandle): number {
    const old = this.#handles.get(pasid)?.domain;
    const rc = pasid === 0 ? this.#setDomain(domain) : this.#setPasidDomain(pasid, domain, old);
    if (rc === 0) this.#handles.set(pasid, handle);
    return rc;
  }

  /** iommu_detach_group_handle(), iommu_detach_device_pasid() */
  detach(pasid: number): void {
    if (pasid === 0) this.#setDomain(undefined);
    else this.#setPasidDomain(pasid, undefined, this.#handles.get(pasid)?.domain);
    this.#handles.delete(pasid);
  }

  /** iommu_sva_bind_device(): faults of `pasid` are answered in the kernel with `code`. 0, or the negative errno. */
  bindSva(pasid: number, code: PageResponseCode): number {
    if (pasid === 0 || pasid >= this.maxPasids) return -Errno.EINVAL;
    if (this.#handles.has(pasid)) return -Errno.EBUSY;
    const domain: IopfDomain = {
      nested: false,
      iopfHandler: (group) => {
        const last = group.faults[group.faults.length - 1] as Fault;
        this.pageResponse(last.pasid, last.grpid, code);
      },
    };
    this.#faults.enable(domain);
    this.#handles.set(pasid, { domain, devId: 0 });
    return 0;
  }

  /** iommu_sva_unbind_device() */
  unbindSva(pasid: number): void {
    this.#faults.disable(this.#handles.get(pasid)?.domain);
    this.#handles.delete(pasid);
  }
}
