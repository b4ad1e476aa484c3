// The IOAS ioctls (iommufd/ioas.c).
import { Errno } from '../../uapi/errno.ts';
import {
  IoasMapFlag,
  iommuIoasAlloc,
  iommuIoasIovaRanges,
  iommuIoasMap,
  iommuIoasUnmap,
  iommuIovaRange,
} from '../../uapi/iommufd.ts';
import type { IommufdContext } from './context.ts';
import { Ioas } from './hwpt.ts';
import { ULONG_MAX } from './ranges.ts';
import type { Ucmd } from './ucmd.ts';

/** iommufd_ioas_alloc_ioctl() */
export function ioasAlloc(ctx: IommufdContext, ucmd: Ucmd): number {
  if (ucmd.read(iommuIoasAlloc).flags !== 0) return -Errno.EOPNOTSUPP;
  const ioas = ctx.objects.alloc(new Ioas(ctx.memory));
  ctx.objects.finalize(ioas);
  return ucmd.respond(iommuIoasAlloc, { outIoasId: ioas.id });
}

/** iommufd_ioas_iova_ranges() */
export function ioasIovaRanges(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(iommuIoasIovaRanges);
  if (cmd.reserved !== 0) return -Errno.EOPNOTSUPP;
  const ioas = ctx.objects.get(cmd.ioasId, Ioas);
  if (!ioas) return -Errno.ENOENT;
  const holes = ioas.iopt.holes();
  let address = cmd.allowedIovas;
  for (const hole of holes.slice(0, cmd.numIovas)) {
    const rc = ctx.memory.write(address, iommuIovaRange.encode(hole));
    if (rc !== 0) return rc;
    address += BigInt(iommuIovaRange.size);
  }
  ucmd.respond(iommuIoasIovaRanges, { numIovas: holes.length, outIovaAlignment: ioas.iopt.alignment });
  return holes.length > cmd.numIovas ? -Errno.EMSGSIZE : 0;
}

const MAP_FLAGS = IoasMapFlag.FIXED_IOVA | IoasMapFlag.WRITEABLE | IoasMapFlag.READABLE;

/** iommufd_ioas_map() */
export function ioasMap(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(iommuIoasMap);
  if ((cmd.flags & ~MAP_FLAGS) !== 0 || cmd.reserved !== 0) return -Errno.EOPNOTSUPP;
  if (cmd.iova >= ULONG_MAX || cmd.length >= ULONG_MAX) return -Errno.EOVERFLOW;
  if ((cmd.flags & (IoasMapFlag.WRITEABLE | IoasMapFlag.READABLE)) === 0) return -Errno.EINVAL;
  const ioas = ctx.objects.get(cmd.ioasId, Ioas);
  if (!ioas) return -Errno.ENOENT;
  const fixed = (cmd.flags & IoasMapFlag.FIXED_IOVA) !== 0;
  const writable = (cmd.flags & IoasMapFlag.WRITEABLE) !== 0;
  const iova = ioas.iopt.map(fixed ? cmd.iova : undefined, cmd.userVa, cmd.length, writable);
  return typeof iova === 'number' ? iova : ucmd.respond(iommuIoasMap, { iova });
}

/** iommufd_ioas_unmap() */
export function ioasUnmap(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(iommuIoasUnmap);
  const ioas = ctx.objects.get(cmd.ioasId, Ioas);
  if (!ioas) return -Errno.ENOENT;
  if (cmd.iova === 0n && cmd.length === ULONG_MAX) {
    const { unmapped } = ioas.iopt.unmapRange(0n, ULONG_MAX);
    return ucmd.respond(iommuIoasUnmap, { length: unmapped });
  }
  if (cmd.iova >= ULONG_MAX || cmd.length >= ULONG_MAX) return -Errno.EOVERFLOW;
  const { unmapped, rc } = ioas.iopt.unmap(cmd.iova, cmd.length);
  if (rc !== 0) return rc;
  if (unmapped === 0n) return -Errno.ENOENT;
  return ucmd.respond(iommuIoasUnmap, { length: unmapped });
}
