// The typed client of /dev/iommu. Each call is one ioctl; what it makes is remembered nowhere but in the kernel and in
// the object returned, so that teardown stays with whoever made it (see Teardown).
import { type Kernel, Open, type UserMemory } from '../kernel/kernel.ts';
import type { DevId, FaultId, Fd, HwptId, IoasId, ObjectId, StdevId } from '../uapi/ids.ts';
import * as ioctl from '../uapi/ioctl.ts';
import * as uapi from '../uapi/iommufd.ts';
import * as selftest from '../uapi/selftest.ts';
import type { Fields, Struct, StructValue } from '../uapi/struct.ts';
import { check } from './error.ts';
import { FaultQueue } from './fault-queue.ts';
import { MockDevice } from './mock-device.ts';

type HwptAllocValue = ReturnType<typeof uapi.iommuHwptAlloc.decode>;

export interface Hwpt {
  readonly id: HwptId;
  readonly kind: 'paging' | 'nested';
  readonly ioasId: IoasId;
  readonly faultId: FaultId | null;
}

export interface HwptRequest {
  devId: DevId;
  /** The IOAS that a paging HWPT maps. */
  ioasId: IoasId;
  /** Faults go to this fault object. */
  faultId?: FaultId;
  /** Allow it to be attached to PASIDs (6.13 and later). */
  pasid?: boolean;
}

const flagsOf = ({ faultId, pasid }: HwptRequest): number =>
  (faultId === undefined ? 0 : uapi.HwptAllocFlag.FAULT_ID_VALID) | (pasid ? uapi.HwptAllocFlag.PASID : 0);

export class Iommufd {
  readonly kernel: Kernel;
  readonly fd: Fd;

  private constructor(kernel: Kernel, fd: Fd) {
    this.kernel = kernel;
    this.fd = fd;
  }

  /** iommufd_fops_open: a new, empty context. Throws IommufdError: ENOENT, EACCES. */
  static open(kernel: Kernel, path = '/dev/iommu'): Iommufd {
    return new Iommufd(kernel, check('open /dev/iommu', '', kernel.open(path, Open.RDWR | Open.CLOEXEC)) as Fd);
  }

  /** Closing the last descriptor of the context destroys all that is in it; a fault fd counts as one. */
  close(): void {
    check('close', 'the iommufd', this.kernel.close(this.fd));
  }

  /** Makes one ioctl and returns the struct as the kernel left it. */
  call<F extends Fields>(
    request: { name: string; nr: number },
    layout: Struct<F>,
    value: Partial<StructValue<F>>,
    target = '',
  ): StructValue<F> {
    const arg = layout.encode(value);
    check(request.name, target, this.kernel.ioctl(this.fd, request.nr, arg));
    return layout.decode(arg);
  }

  /** IOMMU_DESTROY (iommufd_destroy). Throws IommufdError: ENOENT, EBUSY. */
  destroy(id: ObjectId, what = 'object'): void {
    this.call(ioctl.IOMMU_DESTROY, uapi.iommuDestroy, { id }, `${what} ${id}`);
  }

  /** IOMMU_IOAS_ALLOC (iommufd_ioas_alloc_ioctl). */
  allocIoas(): IoasId {
    return this.call(ioctl.IOMMU_IOAS_ALLOC, uapi.iommuIoasAlloc, {}).outIoasId as IoasId;
  }

  /** IOMMU_IOAS_MAP at a fixed IOVA, readable and writable (iommufd_ioas_map). Bytes; all multiples of the page size. */
  map(ioasId: IoasId, memory: UserMemory, iova: bigint, length: number): void {
    const { FIXED_IOVA, READABLE, WRITEABLE } = uapi.IoasMapFlag;
    this.call(
      ioctl.IOMMU_IOAS_MAP,
      uapi.iommuIoasMap,
      {
        flags: FIXED_IOVA | READABLE | WRITEABLE,
        ioasId,
        userVa: memory.address,
        length: BigInt(length),
        iova,
      },
      `IOAS ${ioasId}, iova 0x${iova.toString(16)}, ${length} bytes`,
    );
  }

  /** IOMMU_IOAS_UNMAP (iommufd_ioas_unmap); returns the bytes unmapped. */
  unmap(ioasId: IoasId, iova: bigint, length: bigint): bigint {
    const target = `IOAS ${ioasId}, iova 0x${iova.toString(16)}`;
    return this.call(ioctl.IOMMU_IOAS_UNMAP, uapi.iommuIoasUnmap, { ioasId, iova, length }, target).length;
  }

  /** IOMMU_FAULT_QUEUE_ALLOC (iommufd_fault_alloc): a fault object and its descriptor. */
  allocFaultQueue(): FaultQueue {
    const out = this.call(ioctl.IOMMU_FAULT_QUEUE_ALLOC, uapi.iommuFaultAlloc, {});
    return new FaultQueue(this.kernel, out.outFaultId as FaultId, out.outFaultFd as Fd);
  }

  /** IOMMU_HWPT_ALLOC over an IOAS (iommufd_hwpt_paging_alloc). */
  allocPagingHwpt(request: HwptRequest): Hwpt {
    return this.#allocHwpt('paging', request, { flags: flagsOf(request), ptId: request.ioasId });
  }

  /** A paging HWPT that nested ones can stand on: NEST_PARENT, no fault queue. */
  allocNestParent(devId: DevId, ioasId: IoasId): Hwpt {
    return this.#allocHwpt('paging', { devId, ioasId }, { flags: uapi.HwptAllocFlag.NEST_PARENT, ptId: ioasId });
  }

  /** IOMMU_HWPT_ALLOC of a nested HWPT on the selftest driver (iommufd_hwpt_nested_alloc, mock_domain_alloc_nested). */
  allocSelftestNestedHwpt(request: HwptRequest, parent: HwptId): Hwpt {
    const memory = this.kernel.memory(selftest.iommuHwptSelftest.size);
    try {
      memory.bytes.set(selftest.iommuHwptSelftest.encode({ iotlb: selftest.IOMMU_TEST_IOTLB_DEFAULT }));
      return this.#allocHwpt('nested', request, {
        flags: flagsOf(request),
        ptId: parent,
        dataType: uapi.HwptDataType.SELFTEST,
        dataLen: selftest.iommuHwptSelftest.size,
        dataUptr: memory.address,
      });
    } finally {
      memory.free();
    }
  }

  #allocHwpt(kind: Hwpt['kind'], request: HwptRequest, value: Partial<HwptAllocValue>): Hwpt {
    const { devId, ioasId, faultId } = request;
    const out = this.call(
      ioctl.IOMMU_HWPT_ALLOC,
      uapi.iommuHwptAlloc,
      { ...value, devId, faultId: faultId ?? 0 },
      `${kind} HWPT for device ${devId}${faultId === undefined ? '' : `, fault object ${faultId}`}`,
    );
    return { id: out.outHwptId as HwptId, kind, ioasId, faultId: faultId ?? null };
  }

  /** IOMMU_TEST_CMD, MOCK_DOMAIN_FLAGS (iommufd_test_mock_domain): a mock device, attached to the IOAS. */
  createMockDevice(ioasId: IoasId, pasid: boolean): MockDevice {
    const out = this.call(ioctl.IOMMU_TEST_CMD, selftest.testMockDomainFlags, {
      op: selftest.TestOp.MOCK_DOMAIN_FLAGS,
      id: ioasId,
      devFlags: pasid ? selftest.MockDeviceFlag.PASID : 0,
    });
    return new MockDevice(this, out.outStdevId as StdevId, out.outIdevId as DevId, out.outHwptId as HwptId);
  }
}
