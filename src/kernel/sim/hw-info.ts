// IOMMU_GET_HW_INFO (iommufd/device.c: iommufd_get_hw_info()) with what the mock driver has to tell.
import { Errno } from '../../uapi/errno.ts';
import { iommuHwInfo } from '../../uapi/iommufd.ts';
import { MockDeviceFlag } from '../../uapi/selftest.ts';
import { struct } from '../../uapi/struct.ts';
import type { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import type { Ucmd } from './ucmd.ts';

const FLAG_INPUT_TYPE = 1;
const TYPE_SELFTEST = 0xfeed_beef;
const SELFTEST_REGVAL = 0xdead_beef;
const CAP_DIRTY_TRACKING = 1n;
const CAP_PCI_ATS_NOT_SUPPORTED = 8n;
const testHwInfo = struct('iommu_test_hw_info', 8, { flags: 'u32', testReg: 'u32' });
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
  // mock_domain_hw_info()
  if (type !== 0 && type !== TYPE_SELFTEST) return -Errno.EOPNOTSUPP;
  const info = testHwInfo.encode({ testReg: SELFTEST_REGVAL });
  const rc = writeData(ctx, cmd.dataUptr, cmd.dataLen, info);
  if (rc !== 0) return rc;
  const dirty = idev.dev.flags & MockDeviceFlag.NO_DIRTY ? 0n : CAP_DIRTY_TRACKING;
  return ucmd.respond(iommuHwInfo, {
    dataLen: info.byteLength,
    outDataType: TYPE_SELFTEST,
    outCapabilities: dirty | CAP_PCI_ATS_NOT_SUPPORTED,
    outMaxPasidLog2: Math.log2(idev.dev.maxPasids),
  });
}

/** As much of `info` as fits, and zeroes after it. */
function writeData(ctx: IommufdContext, address: bigint, length: number, info: Uint8Array): number {
  const rc = ctx.memory.write(address, info.subarray(0, Math.min(length, info.byteLength)));
  if (rc !== 0 || length <= info.byteLength) return rc;
  const rest = ctx.memory.at(address + BigInt(info.byteLength), length - info.byteLength);
  if (!rest) return -Errno.EFAULT;
  rest.fill(0);
  return 0;
}
