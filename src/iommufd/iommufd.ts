// The typed client of /dev/iommu. Each call is one ioctl; only the kernel and the returned object know what it made, so the
// maker does the teardown (see Teardown).
import { type Kernel, Open, type UserMemory } from '../kernel/kernel.ts';
import type { DevId, FaultId, Fd, HwptId, IoasId, ObjectId } from '../uapi/ids.ts';
import * as ioctl from '../uapi/ioctl.ts';
import * as uapi from '../uapi/iommufd.ts';
import * as selftest from '../uapi/selftest.ts';
import type { Fields, Struct, StructValue } from '../uapi/struct.ts';
import { check, ImpossibleResult } from './error.ts';
import { FaultQueue } from './fault-queue.ts';

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

export interface HwInfo {
  /** HwInfoType: which IOMMU driver the device is behind. */
  readonly type: number;
  /** Bits of the PASIDs it can be attached by; 0: none, or the kernel does not say (before 6.15). */
  readonly pasidBits: number;
}

/** The data of a nested HWPT, in the IOMMU driver's format. */
interface NestedData {
  readonly type: number;
  readonly bytes: Uint8Array;
}

const flagsOf = ({ faultId, pasid }: HwptRequest): number =>
  (faultId === undefined ? 0 : uapi.HwptAllocFlag.FAULT_ID_VALID) | (pasid ? uapi.HwptAllocFlag.PASID : 0);

/** iommufd_object_alloc_ucmd: xa_alloc() from 1, 31 bits. */
const LAST_ID = 2 ** 31 - 1;
const LAST_FD = 2 ** 31 - 1;

/** An id that the kernel gave out. Throws ImpossibleResult. */
export function objectId(request: { name: string }, what: string, id: number): number {
  if (id >= 1 && id <= LAST_ID) return id;
  throw new ImpossibleResult(request.name, what, `${id} as its id`);
}

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

  /** A context that another process opened. */
  static over(kernel: Kernel, fd: Fd): Iommufd {
    return new Iommufd(kernel, fd);
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

  /** IOMMU_IOAS_ALLOC (iommufd_ioas_alloc_ioctl). Throws IommufdError and, as all that make objects, ImpossibleResult. */
  allocIoas(): IoasId {
    const { outIoasId } = this.call(ioctl.IOMMU_IOAS_ALLOC, uapi.iommuIoasAlloc, {});
    return objectId(ioctl.IOMMU_IOAS_ALLOC, 'IOAS', outIoasId) as IoasId;
  }

  /** IOMMU_IOAS_MAP at a fixed IOVA, readable and writable (iommufd_ioas_map). Bytes; all multiples of the page size. */
  map(ioasId: IoasId, memory: UserMemory, iova: bigint, length: number): void {
    this.#map(ioasId, memory, { flags: uapi.IoasMapFlag.FIXED_IOVA, iova, length: BigInt(length) });
  }

  /** IOMMU_IOAS_MAP where the kernel finds room (iopt_alloc_iova); returns where that is. */
  mapAnywhere(ioasId: IoasId, memory: UserMemory, length: number): bigint {
    return this.#map(ioasId, memory, { flags: 0, iova: 0n, length: BigInt(length) });
  }

  #map(ioasId: IoasId, memory: UserMemory, range: { flags: number; iova: bigint; length: bigint }): bigint {
    const { READABLE, WRITEABLE } = uapi.IoasMapFlag;
    const where = range.flags === 0 ? '' : `, iova 0x${range.iova.toString(16)}`;
    return this.call(
      ioctl.IOMMU_IOAS_MAP,
      uapi.iommuIoasMap,
      { ...range, flags: range.flags | READABLE | WRITEABLE, ioasId, userVa: memory.address },
      `IOAS ${ioasId}${where}, ${range.length} bytes`,
    ).iova;
  }

  /** IOMMU_IOAS_UNMAP (iommufd_ioas_unmap); returns the bytes unmapped. */
  unmap(ioasId: IoasId, iova: bigint, length: bigint): bigint {
    const target = `IOAS ${ioasId}, iova 0x${iova.toString(16)}`;
    return this.call(ioctl.IOMMU_IOAS_UNMAP, uapi.iommuIoasUnmap, { ioasId, iova, length }, target).length;
  }

  /** IOMMU_FAULT_QUEUE_ALLOC (iommufd_fault_alloc): a fault object and its descriptor. */
  allocFaultQueue(): FaultQueue {
    const out = this.call(ioctl.IOMMU_FAULT_QUEUE_ALLOC, uapi.iommuFaultAlloc, {});
    const { outFaultId, outFaultFd } = out;
    const what = 'fault object';
    if (outFaultFd > LAST_FD)
      throw new ImpossibleResult(ioctl.IOMMU_FAULT_QUEUE_ALLOC.name, what, `descriptor ${outFaultFd}`);
    const id = objectId(ioctl.IOMMU_FAULT_QUEUE_ALLOC, what, outFaultId) as FaultId;
    return new FaultQueue(this.kernel, id, outFaultFd as Fd);
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
    const bytes = selftest.iommuHwptSelftest.encode({ iotlb: selftest.IOMMU_TEST_IOTLB_DEFAULT });
    return this.#allocNestedHwpt(request, parent, { type: uapi.HwptDataType.SELFTEST, bytes });
  }

  /**
   * IOMMU_HWPT_ALLOC of a nested HWPT on VT-d (intel_iommu_domain_alloc_nested). `pageTable`: where in the address space of
   * the parent the root of its stage-1 table is. EOPNOTSUPP: the IOMMU has no nested translation.
   */
  allocVtdNestedHwpt(request: HwptRequest, parent: HwptId, pageTable: bigint): Hwpt {
    const bytes = uapi.iommuHwptVtdS1.encode({ pgtblAddr: pageTable, addrWidth: uapi.VTD_4_LEVEL_WIDTH });
    return this.#allocNestedHwpt(request, parent, { type: uapi.HwptDataType.VTD_S1, bytes });
  }

  #allocNestedHwpt(request: HwptRequest, parent: HwptId, { type, bytes }: NestedData): Hwpt {
    const memory = this.kernel.memory(bytes.byteLength);
    try {
      memory.bytes.set(bytes);
      return this.#allocHwpt('nested', request, {
        flags: flagsOf(request),
        ptId: parent,
        dataType: type,
        dataLen: bytes.byteLength,
        dataUptr: memory.address,
      });
    } finally {
      memory.free();
    }
  }

  /** IOMMU_GET_HW_INFO (iommufd_get_hw_info). Throws IommufdError; ENOENT also for a device that no IOMMU is behind. */
  hwInfo(devId: DevId): HwInfo {
    const out = this.call(ioctl.IOMMU_GET_HW_INFO, uapi.iommuHwInfo, { devId }, `device ${devId}`);
    return { type: out.outDataType, pasidBits: out.outMaxPasidLog2 };
  }

  /** Bits of HwCapability, from the same call; older kernels know fewer of them. Throws IommufdError. */
  hwCapabilities(devId: DevId): bigint {
    return this.call(ioctl.IOMMU_GET_HW_INFO, uapi.iommuHwInfo, { devId }, `device ${devId}`).outCapabilities;
  }

  #allocHwpt(kind: Hwpt['kind'], request: HwptRequest, value: Partial<HwptAllocValue>): Hwpt {
    const { devId, ioasId, faultId } = request;
    const out = this.call(
      ioctl.IOMMU_HWPT_ALLOC,
      uapi.iommuHwptAlloc,
      { ...value, devId, faultId: faultId ?? 0 },
      `${kind} HWPT for device ${devId}${faultId === undefined ? '' : `, fault object ${faultId}`}`,
    );
    const id = objectId(ioctl.IOMMU_HWPT_ALLOC, `${kind} HWPT`, out.outHwptId) as HwptId;
    return { id, kind, ioasId, faultId: faultId ?? null };
  }
}
