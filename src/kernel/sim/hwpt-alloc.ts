// IOMMU_HWPT_ALLOC (iommufd/hw_pagetable.c) over the mock driver (selftest.c).
import { Errno } from '../../uapi/errno.ts';
import { HwptAllocFlag, HwptDataType, iommuHwptAlloc } from '../../uapi/iommufd.ts';
import { iommuHwptSelftest, MockDeviceFlag } from '../../uapi/selftest.ts';
import type { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import { FaultQueue } from './fault-queue.ts';
import { type Hwpt, HwptNested, HwptPaging, Ioas, PagetableType } from './hwpt.ts';
import type { Ucmd } from './ucmd.ts';

type Command = ReturnType<typeof iommuHwptAlloc.decode>;
type UserConfig = ReturnType<typeof iommuHwptSelftest.decode>;

const F = HwptAllocFlag;
const PAGING_FLAGS = F.NEST_PARENT | F.DIRTY_TRACKING | F.FAULT_ID_VALID | F.PASID;
/** 6.12: neither faults nor PASIDs on a paging HWPT. */
const PAGING_FLAGS_6_12 = F.NEST_PARENT | F.DIRTY_TRACKING;
const NESTED_FLAGS = F.FAULT_ID_VALID | F.PASID;
/** offsetofend(struct iommu_hwpt_selftest, iotlb) */
const MIN_CONFIG = iommuHwptSelftest.offsetOf.pagetableType;

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
  else if (pt instanceof HwptPaging) hwpt = nestedAlloc(ctx, pt, cmd);
  if (typeof hwpt === 'number') return hwpt;
  if (cmd.flags & F.FAULT_ID_VALID) {
    const fault = ctx.objects.get(cmd.faultId, FaultQueue);
    if (!fault) {
      ctx.objects.abortAndDestroy(hwpt);
      return -Errno.ENOENT;
    }
    hwpt.setFault(fault);
  }
  ctx.objects.finalize(hwpt);
  return ucmd.respond(iommuHwptAlloc, { outHwptId: hwpt.id });
}

/** iommufd_hwpt_paging_alloc() without immediate attach, mock_domain_alloc_paging_flags() */
function pagingAlloc(ctx: IommufdContext, ioas: Ioas, idev: IommufdDevice, cmd: Command): HwptPaging | number {
  const valid = ctx.features.pagingFault ? PAGING_FLAGS : PAGING_FLAGS_6_12;
  const dirty = (cmd.flags & F.DIRTY_TRACKING) !== 0;
  const nestParent = (cmd.flags & F.NEST_PARENT) !== 0;
  if ((cmd.flags & ~valid) !== 0) return -Errno.EOPNOTSUPP;
  if (dirty && idev.dev.flags & MockDeviceFlag.NO_DIRTY) return -Errno.EOPNOTSUPP;
  if (nestParent && cmd.flags & F.FAULT_ID_VALID) return -Errno.EOPNOTSUPP;
  const config = cmd.dataLen === 0 ? { iotlb: 0, pagetableType: PagetableType.DEFAULT } : userConfig(ctx, cmd);
  if (typeof config === 'number') return config;
  const type = config.pagetableType;
  if (type !== PagetableType.DEFAULT && type !== PagetableType.HUGE) return -Errno.EOPNOTSUPP;
  const options = {
    pasidCompat: (cmd.flags & F.PASID) !== 0,
    dirty,
    nestParent,
    huge: type === PagetableType.HUGE,
  };
  const hwpt = ctx.objects.alloc(new HwptPaging(ioas, options));
  const rc = hwpt.fill();
  if (rc !== 0) {
    ctx.objects.abortAndDestroy(hwpt);
    return rc;
  }
  return hwpt;
}

/** iommufd_hwpt_nested_alloc(), mock_domain_alloc_nested() */
function nestedAlloc(ctx: IommufdContext, parent: HwptPaging, cmd: Command): HwptNested | number {
  if ((cmd.flags & ~NESTED_FLAGS) !== 0 || cmd.dataLen === 0) return -Errno.EOPNOTSUPP;
  if (parent.autoDomain || !parent.nestParent) return -Errno.EINVAL;
  const config = userConfig(ctx, cmd);
  if (typeof config === 'number') return config;
  const pasidCompat = (cmd.flags & F.PASID) !== 0;
  return ctx.objects.alloc(new HwptNested(parent, { pasidCompat, iotlb: config.iotlb }));
}

/** iommu_copy_struct_from_user() of the driver's data; another driver's type is refused before its length is looked at. */
function userConfig(ctx: IommufdContext, cmd: Command): UserConfig | number {
  if (cmd.dataType !== HwptDataType.SELFTEST) return -Errno.EOPNOTSUPP;
  if (cmd.dataLen < MIN_CONFIG || cmd.dataLen > iommuHwptSelftest.size) return -Errno.EINVAL;
  const data = ctx.memory.read(cmd.dataUptr, cmd.dataLen);
  if (typeof data === 'number') return data;
  const whole = new Uint8Array(iommuHwptSelftest.size);
  whole.set(data);
  return iommuHwptSelftest.decode(whole);
}
