// IOMMU_HWPT_ALLOC (iommufd/hw_pagetable.c) over the drivers' own part of it.
import { Errno } from '../../uapi/errno.ts';
import { HwptAllocFlag, HwptDataType, iommuHwptAlloc } from '../../uapi/iommufd.ts';
import type { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import { IommufdFault } from './fault-queue.ts';
import { type Hwpt, HwptNested, HwptPaging, Ioas } from './hwpt.ts';
import type { UserData } from './iommu-driver.ts';
import type { Ucmd } from './ucmd.ts';

type Command = ReturnType<typeof iommuHwptAlloc.decode>;

const F = HwptAllocFlag;
const PAGING_FLAGS = F.NEST_PARENT | F.DIRTY_TRACKING | F.FAULT_ID_VALID | F.PASID;
/** 6.12: neither faults nor PASIDs on a paging HWPT. */
const PAGING_FLAGS_6_12 = F.NEST_PARENT | F.DIRTY_TRACKING;
const NESTED_FLAGS = F.FAULT_ID_VALID | F.PASID;

/** iommufd_hwpt_alloc() */
export function hwptAlloc(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(iommuHwptAlloc);
  if (cmd.reserved !== 0) return -Errno.EOPNOTSUPP;
  if ((cmd.dataType === HwptDataType.NONE) !== (cmd.dataLen === 0)) return -Errno.EINVAL;
  const idev = ctx.objects.get(cmd.devId, IommufdDevice);
  if (!idev) return -Errno.ENOENT;
  const pt = ctx.objects.find(cmd.ptId);
  let hwpt: Hwpt | number = -Errno.EINVAL;
  if (pt instanceof Ioas) hwpt = pagingAlloc(ctx, pt, idev, cmd);
  else if (pt instanceof HwptPaging) hwpt = nestedAlloc(ctx, pt, idev, cmd);
  if (typeof hwpt === 'number') return hwpt;
  if (cmd.flags & F.FAULT_ID_VALID) {
    const fault = ctx.objects.get(cmd.faultId, IommufdFault);
    if (!fault) {
      ctx.objects.abortAndDestroy(hwpt);
      return -Errno.ENOENT;
    }
    hwpt.setFault(fault);
  }
  ctx.objects.finalize(hwpt);
  return ucmd.respond(iommuHwptAlloc, { outHwptId: hwpt.id });
}

/** iommufd_hwpt_paging_alloc() without immediate attach */
function pagingAlloc(ctx: IommufdContext, ioas: Ioas, idev: IommufdDevice, cmd: Command): HwptPaging | number {
  const valid = ctx.features.pagingFault ? PAGING_FLAGS : PAGING_FLAGS_6_12;
  const { driver } = idev.dev;
  if ((cmd.flags & ~valid) !== 0) return -Errno.EOPNOTSUPP;
  if (cmd.flags & F.DIRTY_TRACKING && !driver.dirtyTracking) return -Errno.EOPNOTSUPP;
  if (cmd.flags & F.NEST_PARENT && cmd.flags & F.FAULT_ID_VALID) return -Errno.EOPNOTSUPP;
  const flags = cmd.flags & ~F.FAULT_ID_VALID;
  const geometry = driver.allocPaging(flags, cmd.dataLen === 0 ? undefined : userData(ctx, cmd));
  if (typeof geometry === 'number') return geometry;
  const hwpt = ctx.objects.alloc(new HwptPaging(ioas, { driver: driver.name, flags, geometry }));
  const rc = hwpt.fill();
  if (rc !== 0) {
    ctx.objects.abortAndDestroy(hwpt);
    return rc;
  }
  return hwpt;
}

/** iommufd_hwpt_nested_alloc() */
function nestedAlloc(ctx: IommufdContext, parent: HwptPaging, idev: IommufdDevice, cmd: Command): HwptNested | number {
  const { driver } = idev.dev;
  if ((cmd.flags & ~NESTED_FLAGS) !== 0 || cmd.dataLen === 0 || !driver.allocNested) return -Errno.EOPNOTSUPP;
  if (parent.autoDomain || !parent.nestParent || parent.driver !== driver.name) return -Errno.EINVAL;
  const flags = cmd.flags & ~F.FAULT_ID_VALID;
  const data = driver.allocNested(flags, userData(ctx, cmd));
  if (typeof data === 'number') return data;
  return ctx.objects.alloc(new HwptNested(parent, { driver: driver.name, flags, data }));
}

const userData = (ctx: IommufdContext, cmd: Command): UserData => ({
  type: cmd.dataType,
  length: cmd.dataLen,
  read: () => ctx.memory.read(cmd.dataUptr, cmd.dataLen),
});
