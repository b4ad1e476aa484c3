// The dispatch of /dev/iommu ioctls to their handlers (iommufd/main.c).
import { Errno } from '../../uapi/errno.ts';
import {
  IOMMU_DESTROY,
  IOMMU_FAULT_QUEUE_ALLOC,
  IOMMU_GET_HW_INFO,
  IOMMU_HWPT_ALLOC,
  IOMMU_IOAS_ALLOC,
  IOMMU_IOAS_IOVA_RANGES,
  IOMMU_IOAS_MAP,
  IOMMU_IOAS_UNMAP,
  IOMMU_TEST_CMD,
  type Ioctl,
} from '../../uapi/ioctl.ts';
import { iommuDestroy, iommuFaultAlloc, iommuHwInfo, iommuHwptAlloc } from '../../uapi/iommufd.ts';
import { testMockDomainFlags } from '../../uapi/selftest.ts';
import type { Features, IommufdContext } from './context.ts';
import { FaultFile } from './fault-file.ts';
import { IommufdFault } from './fault-queue.ts';
import { OpenFile } from './files.ts';
import { getHwInfo } from './hw-info.ts';
import { hwptAlloc } from './hwpt-alloc.ts';
import { ioasAlloc, ioasIovaRanges, ioasMap, ioasUnmap } from './ioas-ioctls.ts';
import { selftest } from './selftest.ts';
import { copyStruct, Ucmd, userSize } from './ucmd.ts';

interface Operation {
  readonly size: number;
  readonly minSize: number;
  readonly execute: (ctx: IommufdContext, ucmd: Ucmd) => number;
}

const op = (ioctl: Ioctl, execute: Operation['execute'], minSize = ioctl.arg.size): [number, Operation] => [
  ioctl.nr,
  { size: ioctl.arg.size, minSize, execute },
];

/** iommufd_ioctl_ops; a smaller minimum where the struct has grown. */
const operations = new Map<number, Operation>([
  op(IOMMU_DESTROY, (ctx, ucmd) => ctx.objects.remove(ucmd.read(iommuDestroy).id)),
  op(IOMMU_IOAS_ALLOC, ioasAlloc),
  op(IOMMU_IOAS_IOVA_RANGES, ioasIovaRanges),
  op(IOMMU_IOAS_MAP, ioasMap),
  op(IOMMU_IOAS_UNMAP, ioasUnmap),
  op(IOMMU_HWPT_ALLOC, hwptAlloc, iommuHwptAlloc.offsetOf.dataType),
  op(IOMMU_GET_HW_INFO, getHwInfo, iommuHwInfo.offsetOf.outCapabilities),
  op(IOMMU_FAULT_QUEUE_ALLOC, faultAlloc),
  // `last` is a u32 here; the table of the uAPI has it as wide as its padding makes it.
  op(IOMMU_TEST_CMD, selftest, testMockDomainFlags.offsetOf.last + 4),
]);

/** Operations of 7.2 that are not simulated: they return EOPNOTSUPP. By number, the smallest size taken. */
const unplayed = new Map<number, number>([
  [0x3b82, 24], // IOMMU_IOAS_ALLOW_IOVAS
  [0x3b83, 40], // IOMMU_IOAS_COPY
  [0x3b87, 24], // IOMMU_OPTION
  [0x3b88, 12], // IOMMU_VFIO_IOAS
  [0x3b8b, 16], // IOMMU_HWPT_SET_DIRTY_TRACKING
  [0x3b8c, 48], // IOMMU_HWPT_GET_DIRTY_BITMAP
  [0x3b8d, 32], // IOMMU_HWPT_INVALIDATE
  [0x3b8f, 40], // IOMMU_IOAS_MAP_FILE
  [0x3b90, 24], // IOMMU_VIOMMU_ALLOC
  [0x3b91, 24], // IOMMU_VDEVICE_ALLOC
  [0x3b92, 8], // IOMMU_IOAS_CHANGE_PROCESS
  [0x3b93, 24], // IOMMU_VEVENTQ_ALLOC
  [0x3b94, 40], // IOMMU_HW_QUEUE_ALLOC
]);

const nrOf = (request: number): number => request & 0xff;
const FIRST_NR = nrOf(IOMMU_DESTROY.nr);
/** The end of iommufd_ioctl_ops without and with IOMMU_TEST_CMD. */
const END_NR = 0x95;
const END_NR_SELFTEST = nrOf(IOMMU_TEST_CMD.nr) + 1;

/** iommufd_fops_ioctl() */
export function iommufdIoctl(ctx: IommufdContext, request: number, arg: Uint8Array): number {
  const nr = nrOf(request);
  const end = ctx.features.selftest ? END_NR_SELFTEST : END_NR;
  if (nr < FIRST_NR || nr >= end) return vfioCompatIoctl(request, arg);
  const size = userSize(arg);
  if (size < 0) return size;
  const operation = operationOf(request, ctx.features);
  if (!operation) {
    const min = unplayed.get(request);
    if (min === undefined) return -Errno.ENOTTY;
    return size < min ? -Errno.EINVAL : -Errno.EOPNOTSUPP;
  }
  if (size < operation.minSize) return -Errno.EINVAL;
  const cmd = copyStruct(arg, size, operation.size);
  return typeof cmd === 'number' ? cmd : operation.execute(ctx, new Ucmd(arg, size, cmd));
}

function operationOf(request: number, { faultQueue }: Features): Operation | undefined {
  if (request === IOMMU_FAULT_QUEUE_ALLOC.nr && !faultQueue) return undefined;
  return operations.get(request);
}

/** iommufd_fault_alloc(): the object, and a descriptor that holds the object and the context. */
function faultAlloc(ctx: IommufdContext, ucmd: Ucmd): number {
  if (ucmd.read(iommuFaultAlloc).flags !== 0) return -Errno.EOPNOTSUPP;
  const fault = ctx.objects.alloc(new IommufdFault());
  const fd = ctx.fds.install(new OpenFile(new FaultFile(fault, ctx.file), 2));
  ctx.objects.finalize(fault);
  return ucmd.respond(iommuFaultAlloc, { outFaultId: fault.id, outFaultFd: fd });
}

/** The old container calls that look for a compatibility IOAS, which does not exist: the smallest size, the known flags. */
const compatCalls = new Map<number, { min: number; flags: number }>([
  [0x3b70, { min: 16, flags: 0xffff_ffff }], // VFIO_IOMMU_GET_INFO
  [0x3b71, { min: 32, flags: 3 }], // VFIO_IOMMU_MAP_DMA
  [0x3b72, { min: 24, flags: 2 }], // VFIO_IOMMU_UNMAP_DMA
]);

/** iommufd_vfio_ioctl() */
function vfioCompatIoctl(request: number, arg: Uint8Array): number {
  const call = compatCalls.get(request);
  if (call !== undefined) {
    const { min, flags } = call;
    if (arg.byteLength < min) return -Errno.EFAULT;
    const given = new DataView(arg.buffer, arg.byteOffset).getUint32(4, true);
    return userSize(arg) < min || (given & ~flags) !== 0 ? -Errno.EINVAL : -Errno.ENODEV;
  }
  switch (request) {
    case 0x3b64: // VFIO_GET_API_VERSION
    case 0x3b65: // VFIO_CHECK_EXTENSION, of an extension that is not known
      return 0;
    case 0x3b66: // VFIO_SET_IOMMU, to a type that is not known
      return -Errno.EINVAL;
    default:
      return -Errno.ENOTTY;
  }
}
