// IOMMU_GET_HW_INFO (iommufd/device.c: iommufd_get_hw_info()).
import { Errno } from '../../uapi/errno.ts';
import { iommuHwInfo } from '../../uapi/iommufd.ts';
import type { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import type { Ucmd } from './ucmd.ts';

const FLAG_INPUT_TYPE = 1;
const CAP_DIRTY_TRACKING = 1n;
/** `__reserved` lies between out_max_pasid_log2 and out_capabilities. */
const reservedFrom = iommuHwInfo.offsetOf.outMaxPasidLog2 + 1;
const reservedTo = iommuHwInfo.offsetOf.outCapabilities;

export function getHwInfo(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(iommuHwInfo);
  if ((cmd.flags & ~FLAG_INPUT_TYPE) !== 0) return -Errno.EOPNOTSUPP;
  if (ucmd.cmd.subarray(reservedFrom, reservedTo).some((byte) => byte !== 0)) return -Errno.EOPNOTSUPP;
  const type = cmd.flags & FLAG_INPUT_TYPE ? cmd.outDataType : 0;
  const idev = ctx.objects.get(cmd.devId, IommufdDevice);
  if (!idev) return -Errno.ENOENT;
  const { driver } = idev.dev;
  const info = driver.hwInfo(type);
  if (typeof info === 'number') return info;
  const rc = writeData(ctx, cmd.dataUptr, cmd.dataLen, info.data);
  if (rc !== 0) return rc;
  return ucmd.respond(iommuHwInfo, {
    dataLen: info.data.byteLength,
    outDataType: info.type,
    outCapabilities: (driver.dirtyTracking ? CAP_DIRTY_TRACKING : 0n) | driver.capabilities,
    outMaxPasidLog2: driver.maxPasids === 0 ? 0 : Math.floor(Math.log2(driver.maxPasids)),
  });
}

/** As much of `info` as fits, and zeroes after it. */
function writeData(ctx: IommufdContext, address: bigint, length: number, info: Uint8Array): number {
  const rc = ctx.memory.write(address, info.subarray(0, Math.min(length, info.byteLength)));
  if (rc !== 0 || length <= info.byteLength) return rc;
  return ctx.memory.clear(address + BigInt(info.byteLength), length - info.byteLength);
}
