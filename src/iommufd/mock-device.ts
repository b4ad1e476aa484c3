import type { DevId, HwptId, IoasId, StdevId } from '../uapi/ids.ts';
import { IOMMU_TEST_CMD } from '../uapi/ioctl.ts';
import { TestOp, testMockDomainReplace, testPasid, testTriggerIopf } from '../uapi/selftest.ts';
import type { Iommufd } from './iommufd.ts';

export interface Trigger {
  pasid?: number;
  grpid: number;
  /** PgfaultPerm bits. */
  perm: number;
  addr: bigint;
}

/** A device of the kernel's selftest driver: a selftest object (stdev) and the iommufd device bound in it (idev). */
export class MockDevice {
  readonly #iommufd: Iommufd;
  readonly stdevId: StdevId;
  readonly devId: DevId;
  /** The HWPT that the kernel made for the IOAS it was created on. */
  readonly autoHwptId: HwptId;

  constructor(iommufd: Iommufd, stdevId: StdevId, devId: DevId, autoHwptId: HwptId) {
    this.#iommufd = iommufd;
    this.stdevId = stdevId;
    this.devId = devId;
    this.autoHwptId = autoHwptId;
  }

  /** MOCK_DOMAIN_REPLACE (iommufd_device_replace): returns the HWPT now attached, which for an IOAS is an automatic one. */
  replace(ptId: HwptId | IoasId): HwptId {
    const value = { op: TestOp.MOCK_DOMAIN_REPLACE, id: this.stdevId, ptId };
    return this.#iommufd.call(IOMMU_TEST_CMD, testMockDomainReplace, value, this.#name()).ptId as HwptId;
  }

  /** PASID_ATTACH (iommufd_device_attach with a PASID). EBUSY when it is attached, EINVAL when the HWPT lacks PASID. */
  attachPasid(pasid: number, ptId: HwptId): void {
    const value = { op: TestOp.PASID_ATTACH, id: this.stdevId, pasid, ptId };
    this.#iommufd.call(IOMMU_TEST_CMD, testPasid, value, this.#name(pasid));
  }

  replacePasid(pasid: number, ptId: HwptId): void {
    const value = { op: TestOp.PASID_REPLACE, id: this.stdevId, pasid, ptId };
    this.#iommufd.call(IOMMU_TEST_CMD, testPasid, value, this.#name(pasid));
  }

  detachPasid(pasid: number): void {
    const value = { op: TestOp.PASID_DETACH, id: this.stdevId, pasid };
    this.#iommufd.call(IOMMU_TEST_CMD, testPasid, value, this.#name(pasid));
  }

  /** TRIGGER_IOPF (iommufd_test_trigger_iopf). Returns also when nobody handles the fault: the device got INVALID. */
  trigger({ pasid, grpid, perm, addr }: Trigger): void {
    const value = { op: TestOp.TRIGGER_IOPF, devId: this.devId, pasid: pasid ?? 0, grpid, perm, addr };
    this.#iommufd.call(IOMMU_TEST_CMD, testTriggerIopf, value, this.#name(pasid));
  }

  /** Destroys the stdev: detaches and unbinds the device (iommufd_selftest_destroy). */
  destroy(): void {
    this.#iommufd.destroy(this.stdevId, 'mock device');
  }

  #name(pasid?: number): string {
    return `device ${this.devId}${pasid === undefined ? '' : `, PASID ${pasid}`}`;
  }
}
