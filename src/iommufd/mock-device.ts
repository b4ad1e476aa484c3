import type { DevId, HwptId, IoasId, StdevId } from '../uapi/ids.ts';
import { IOMMU_TEST_CMD } from '../uapi/ioctl.ts';
import {
  MockDeviceFlag,
  TestOp,
  testMockDomainFlags,
  testMockDomainReplace,
  testPasid,
  testTriggerIopf,
} from '../uapi/selftest.ts';
import type { Attachable, Trigger } from './attachable.ts';
import { type Iommufd, objectId } from './iommufd.ts';

/** A device of the kernel's selftest driver: a selftest object (stdev) and the iommufd device bound in it (idev). */
export class MockDevice implements Attachable {
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

  /** IOMMU_TEST_CMD, MOCK_DOMAIN_FLAGS (iommufd_test_mock_domain): a mock device, attached to the IOAS. Throws IommufdError. */
  static create(iommufd: Iommufd, ioasId: IoasId, pasid: boolean): MockDevice {
    const devFlags = pasid ? MockDeviceFlag.PASID : 0;
    const value = { op: TestOp.MOCK_DOMAIN_FLAGS, id: ioasId, devFlags };
    const out = iommufd.call(IOMMU_TEST_CMD, testMockDomainFlags, value);
    const [stdevId, devId, hwptId] = [out.outStdevId, out.outIdevId, out.outHwptId].map((id) =>
      objectId(IOMMU_TEST_CMD, 'mock device', id),
    );
    return new MockDevice(iommufd, stdevId as StdevId, devId as DevId, hwptId as HwptId);
  }

  /** MOCK_DOMAIN_REPLACE, or PASID_REPLACE (iommufd_device_replace). */
  replace(pasid: number | null, ptId: HwptId | IoasId): HwptId {
    if (pasid !== null) return this.#pasid(TestOp.PASID_REPLACE, pasid, ptId);
    const value = { op: TestOp.MOCK_DOMAIN_REPLACE, id: this.stdevId, ptId };
    return this.#iommufd.call(IOMMU_TEST_CMD, testMockDomainReplace, value, this.#name()).ptId as HwptId;
  }

  /**
   * PASID_ATTACH (iommufd_device_attach); `pasid` null: the device itself, which is PASID 0 to the kernel. Returns the
   * HWPT attached. EBUSY when there is one already, EINVAL when the HWPT or the device is not PASID capable.
   */
  attach(pasid: number | null, ptId: HwptId | IoasId): HwptId {
    return this.#pasid(TestOp.PASID_ATTACH, pasid, ptId);
  }

  /** PASID_DETACH (iommufd_device_detach); `pasid` null: the device itself. Does nothing where nothing is attached. */
  detach(pasid: number | null): void {
    this.#pasid(TestOp.PASID_DETACH, pasid, 0 as HwptId);
  }

  #pasid(op: number, pasid: number | null, ptId: HwptId | IoasId): HwptId {
    const value = { op, id: this.stdevId, pasid: pasid ?? 0, ptId };
    return this.#iommufd.call(IOMMU_TEST_CMD, testPasid, value, this.#name(pasid)).ptId as HwptId;
  }

  /** TRIGGER_IOPF (iommufd_test_trigger_iopf). Returns also when nobody handles the fault: the device got INVALID. */
  trigger({ pasid, grpid, perm, addr }: Trigger): void {
    const value = { op: TestOp.TRIGGER_IOPF, devId: this.devId, pasid: pasid ?? 0, grpid, perm, addr };
    this.#iommufd.call(IOMMU_TEST_CMD, testTriggerIopf, value, this.#name(pasid));
  }

  /** Destroys the stdev: detaches and unbinds the device (iommufd_selftest_destroy). */
  release(): void {
    this.#iommufd.destroy(this.stdevId, 'mock device');
  }

  #name(pasid: number | null = null): string {
    return `device ${this.devId}${pasid === null ? '' : `, PASID ${pasid}`}`;
  }
}
