// A simulated kernel with an open iommufd, and the ioctls that these tests make.
import { VirtualClock } from '../../../src/kernel/sim/clock.ts';
import { SimKernel, type SimOptions } from '../../../src/kernel/sim/sim.ts';
import type { DevId } from '../../../src/uapi/ids.ts';
import * as ioctl from '../../../src/uapi/ioctl.ts';
import * as u from '../../../src/uapi/iommufd.ts';
import * as t from '../../../src/uapi/selftest.ts';
import type { Fields, Struct, StructValue } from '../../../src/uapi/struct.ts';

export class Bench {
  readonly clock = new VirtualClock();
  readonly kernel: SimKernel;
  readonly fd: number;

  constructor(options: SimOptions = {}) {
    this.kernel = new SimKernel({ clock: this.clock, ...options });
    this.fd = this.kernel.open('/dev/iommu', 2);
  }

  /** The fields after the call, and what it returned. */
  call<F extends Fields>(nr: number, struct: Struct<F>, value: Partial<StructValue<F>>, fd = this.fd) {
    const bytes = struct.encode(value);
    const rc = this.kernel.ioctl(fd, nr, bytes);
    return { rc, ...struct.decode(bytes) };
  }

  ioas(): number {
    return this.call(ioctl.IOMMU_IOAS_ALLOC.nr, u.iommuIoasAlloc, {}).outIoasId;
  }

  queue() {
    const { outFaultId, outFaultFd } = this.call(ioctl.IOMMU_FAULT_QUEUE_ALLOC.nr, u.iommuFaultAlloc, {});
    return { id: outFaultId, fd: outFaultFd };
  }

  device(ptId: number, devFlags = 0) {
    const cmd = { op: t.TestOp.MOCK_DOMAIN_FLAGS, id: ptId, devFlags };
    const { outStdevId, outHwptId, outIdevId } = this.call(ioctl.IOMMU_TEST_CMD.nr, t.testMockDomainFlags, cmd);
    return { stdev: outStdevId, hwpt: outHwptId, idev: outIdevId as DevId };
  }

  hwpt(value: Parameters<typeof u.iommuHwptAlloc.encode>[0] & object) {
    return this.call(ioctl.IOMMU_HWPT_ALLOC.nr, u.iommuHwptAlloc, value);
  }

  destroy(id: number): number {
    return this.call(ioctl.IOMMU_DESTROY.nr, u.iommuDestroy, { id }).rc;
  }

  replace(stdev: number, ptId: number): number {
    const cmd = { op: t.TestOp.MOCK_DOMAIN_REPLACE, id: stdev, ptId };
    return this.call(ioctl.IOMMU_TEST_CMD.nr, t.testMockDomainReplace, cmd).rc;
  }

  pasid(op: number, stdev: number, pasid: number, ptId = 0): number {
    return this.call(ioctl.IOMMU_TEST_CMD.nr, t.testPasid, { op, id: stdev, pasid, ptId }).rc;
  }

  trigger(idev: number, fault: { pasid?: number; grpid?: number; perm?: number; addr?: bigint } = {}): number {
    const cmd = { op: t.TestOp.TRIGGER_IOPF, devId: idev, ...fault };
    return this.call(ioctl.IOMMU_TEST_CMD.nr, t.testTriggerIopf, cmd).rc;
  }

  /** A device attached to a fault-capable paging HWPT. */
  ready(options: { pasid?: boolean } = {}) {
    const ioas = this.ioas();
    const queue = this.queue();
    const device = this.device(ioas, options.pasid ? t.MockDeviceFlag.PASID : 0);
    const flags = u.HwptAllocFlag.FAULT_ID_VALID | (options.pasid ? u.HwptAllocFlag.PASID : 0);
    const hwpt = this.hwpt({ flags, devId: device.idev, ptId: ioas, faultId: queue.id }).outHwptId;
    this.replace(device.stdev, hwpt);
    return { ...device, ioas, queue, hwpt };
  }

  /** The records that one read gives. */
  read(fd: number, count = 4000) {
    const bytes = new Uint8Array(count);
    const n = this.kernel.read(fd, bytes);
    return Array.from({ length: Math.max(0, n) / 40 }, (_, i) => u.iommuHwptPgfault.decode(bytes, i * 40));
  }

  respond(fd: number, cookie: number, code = 0): number {
    return this.kernel.write(fd, u.iommuHwptPageResponse.encode({ cookie, code }));
  }
}
