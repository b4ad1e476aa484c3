// How a device of the host becomes one of the source: opened by its VFIO character device.

import type { DeviceInfo } from '../../host/device-info.ts';
import { IommufdError } from '../../iommufd/error.ts';
import type { HwInfo, Iommufd } from '../../iommufd/iommufd.ts';
import { VfioDevice } from '../../iommufd/vfio-device.ts';
import { joinLines } from '../../text/one-line.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';
import type { HostOptions } from '../options.ts';
import type { DeviceSource, OpenedDevice } from '../owned/device-source.ts';

/** A kernel without IOMMU_GET_HW_INFO, or an IOMMU driver without it: not a reason to fail. */
const UNTOLD: readonly number[] = [Errno.ENOTTY, Errno.EOPNOTSUPP];

/** Its type of IOMMU. ENOENT: it has none, so what BIND made is not a device (vfio_iommufd_emulated_bind). */
function hwInfoOf(iommufd: Iommufd, device: VfioDevice): HwInfo & Pick<OpenedDevice, 'cannotFault'> {
  try {
    return { ...iommufd.hwInfo(device.devId), cannotFault: null };
  } catch (error) {
    if (!(error instanceof IommufdError)) throw error;
    const none = error.errno === Errno.ENOENT;
    if (!none && !UNTOLD.includes(error.errno)) throw error;
    return { type: HwInfoType.NONE, pasidBits: 0, cannotFault: none ? error.message : null };
  }
}

/** The kernel does not say who has a device bound or its group open; procfs may. */
function inUse(error: unknown, { address, openers }: DeviceInfo): unknown {
  const errnos: readonly number[] = [Errno.EBUSY, Errno.EINVAL];
  if (!(error instanceof IommufdError) || error.operation !== 'VFIO_DEVICE_BIND_IOMMUFD') return error;
  const [opener] = openers;
  if (!opener || !errnos.includes(error.errno)) return error;
  const { comm, pid, path } = opener;
  const text = joinLines(`${address} is in use: ${comm} (PID ${pid}) has ${path} open (${error.errnoName})`);
  return new Refusal('refused', text, `watch it with \`iopftop --pid ${pid}\`, or end it`);
}

interface Opening {
  readonly info: DeviceInfo;
  readonly path: string;
  readonly pasids: readonly number[];
}

function open(iommufd: Iommufd, { info, path, pasids }: Opening): OpenedDevice {
  let device: VfioDevice;
  try {
    device = VfioDevice.open(iommufd, path, info.address);
  } catch (error) {
    throw inUse(error, info);
  }
  try {
    const { type, pasidBits, cannotFault } = hwInfoOf(iommufd, device);
    return {
      attachable: device,
      // Kernels before 6.15 do not say; the attach of a PASID will then fail.
      pasidCapable: cannotFault === null && (pasidBits > 0 || pasids.length > 0),
      hwInfoType: type,
      fd: device.fd,
      cannotFault,
    };
  } catch (error) {
    device.release();
    throw error;
  }
}

/** `path`: of the character device. `doubt`: see DeviceSource. */
export const vfioSource = (
  info: DeviceInfo,
  path: string,
  doubt: string | null,
  { hwpt, pasids, withoutFaults }: Pick<HostOptions, 'hwpt' | 'pasids' | 'withoutFaults'>,
): DeviceSource => ({
  name: info.address,
  hwpt,
  group: info.group?.id ?? null,
  doubt,
  pasids,
  withoutFaults,
  open: (iommufd) => open(iommufd, { info, path, pasids }),
});
