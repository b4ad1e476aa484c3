// A device behind an IOMMU: the part of the IOMMU core that keeps its attachments (iommu.c), over the driver that takes or
// refuses them. As far as attachments go, every device is alone in its group.
import { Errno } from '../../uapi/errno.ts';
import type { PageResponseCode } from '../../uapi/iommufd.ts';
import type { DriverDomain, IommuDriver } from './iommu-driver.ts';
import { type AttachHandle, type Fault, FaultParam, type IopfDevice, type IopfDomain } from './iopf.ts';

/** The listener for the answers that a device gets. */
export type ResponseListener = (pasid: number, grpid: number, code: PageResponseCode) => void;

export class MockDev implements IopfDevice {
  readonly driver: IommuDriver;
  readonly #handles = new Map<number, AttachHandle>();
  readonly #faults = new FaultParam();
  #domain: DriverDomain | undefined;
  #listener: ResponseListener | undefined;

  constructor(driver: IommuDriver) {
    this.driver = driver;
  }

  get handles(): ReadonlyMap<number, AttachHandle> {
    return this.#handles;
  }

  get userPasidTable(): boolean {
    return this.driver.userPasidTable;
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

  /** __iommu_attach_group(); undefined is the blocking domain. */
  #setDomain(domain: DriverDomain | undefined): number {
    // __iommu_group_set_domain_internal() does not call the driver for the domain that is set already.
    if (domain === this.#domain) return 0;
    const rc = domain ? this.driver.attach(0, domain) : 0;
    if (rc !== 0) return rc;
    this.#deliver(domain, this.#domain);
    this.#domain = domain;
    return 0;
  }

  /** __iommu_set_group_pasid(), __iommu_remove_group_pasid(); undefined is the blocking domain. */
  #setPasidDomain(pasid: number, domain: DriverDomain | undefined, old: IopfDomain | undefined): number {
    if (this.driver.maxPasids === 0) return 0;
    const rc = domain ? this.driver.attach(pasid, domain) : 0;
    if (rc !== 0) return rc;
    if (!domain) this.driver.detached?.(pasid);
    this.#deliver(domain, old);
    return 0;
  }

  /** iopf_for_domain_replace(): the new one first, so that the partial faults stay. */
  #deliver(domain: IopfDomain | undefined, old: IopfDomain | undefined): void {
    if (domain && this.driver.delivers(domain)) this.#faults.enable();
    if (old && this.driver.delivers(old)) this.#faults.disable();
  }

  /** What the core asks before it calls the driver. */
  #compatible(pasid: number, domain: DriverDomain): number {
    const { name, maxPasids, attachesPasids } = this.driver;
    if (pasid !== 0 && !attachesPasids) return -Errno.EOPNOTSUPP;
    if (domain.driver !== name) return -Errno.EINVAL;
    return pasid !== 0 && maxPasids > 0 && pasid >= maxPasids ? -Errno.EINVAL : 0;
  }

  /** iommu_attach_group_handle() for PASID 0, iommu_attach_device_pasid() for others. */
  attach(pasid: number, domain: DriverDomain, handle: AttachHandle): number {
    const rc = this.#compatible(pasid, domain);
    if (rc !== 0) return rc;
    if (this.#handles.has(pasid)) return -Errno.EBUSY;
    const set = pasid === 0 ? this.#setDomain(domain) : this.#setPasidDomain(pasid, domain, undefined);
    if (set === 0) this.#keep(pasid, handle);
    return set;
  }

  /** iommu_replace_group_handle(), iommu_replace_device_pasid() */
  replace(pasid: number, domain: DriverDomain, handle: AttachHandle): number {
    const rc = this.#compatible(pasid, domain);
    if (rc !== 0) return rc;
    const old = this.#handles.get(pasid)?.domain;
    const set = pasid === 0 ? this.#setDomain(domain) : this.#setPasidDomain(pasid, domain, old);
    if (set === 0) this.#keep(pasid, handle);
    return set;
  }

  /** iommu_detach_group_handle(), iommu_detach_device_pasid() */
  detach(pasid: number): void {
    if (pasid === 0) this.#setDomain(undefined);
    else this.#setPasidDomain(pasid, undefined, this.#handles.get(pasid)?.domain);
    this.#keep(pasid, undefined);
  }

  #keep(pasid: number, handle: AttachHandle | undefined): void {
    if (handle) this.#handles.set(pasid, handle);
    else this.#handles.delete(pasid);
    this.driver.attached?.(this.#handles);
  }

  /**
   * iommu_sva_bind_device(), which attaches the domain by iommu_attach_device_pasid(): EBUSY where the PASID has something, and
   * what comes after it gets EBUSY in the same way (group->pasid_array). Faults of `pasid` are answered in the kernel with
   * `code`: iommu_sva_handle_mm() says SUCCESS where the process has the page. 0, or the negative errno.
   */
  bindSva(pasid: number, code: PageResponseCode): number {
    if (pasid === 0 || pasid >= this.driver.maxPasids) return -Errno.EINVAL;
    if (this.#handles.has(pasid)) return -Errno.EBUSY;
    const domain: IopfDomain = {
      nested: false,
      sva: true,
      iopfHandler: (group) => {
        const last = group.faults[group.faults.length - 1] as Fault;
        this.pageResponse(last.pasid, last.grpid, code);
      },
    };
    this.#faults.enable();
    this.#handles.set(pasid, { domain, devId: 0 });
    return 0;
  }

  /** iommu_sva_unbind_device() */
  unbindSva(pasid: number): void {
    this.#faults.disable();
    this.#handles.delete(pasid);
  }
}
