// A device that was handed over with its descriptor, or that is known by its faults only.

import { IommufdError } from '../../iommufd/error.ts';
import type { Hwpt, Iommufd } from '../../iommufd/iommufd.ts';
import { failureOf } from '../../iommufd/teardown.ts';
import { VfioDevice } from '../../iommufd/vfio-device.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { DevId, Fd, HwptId } from '../../uapi/ids.ts';
import type { HwptOwner } from '../owned/owned-hwpts.ts';
import type { TargetHwpt } from '../target.ts';
import { isAlone } from './descriptor.ts';
import type { GivenDevice } from './given.ts';

/** The id of what was not told; the kernel's begin at 1. */
export const UNKNOWN = 0;

export interface HandedDevice extends HwptOwner {
  readonly name: string;
  readonly vfio: VfioDevice;
  readonly fd: Fd;
  /** Others may be in its IOMMU group. */
  readonly shared: boolean;
  nestParent: Hwpt | null;
  /** What it was attached to when it was handed over. */
  readonly before: TargetHwpt;
  /** We have changed that. */
  changed: boolean;
}

/**
 * Throws Refusal where the iommufd has no device of that id (IOMMU_GET_HW_INFO, which changes nothing).
 * `faultId`: where its HWPT is likely to deliver to, UNKNOWN: not told.
 */
export function handedDevice(
  iommufd: Iommufd,
  { fd, name, hwptId, ioasId, what }: GivenDevice,
  devId: DevId,
  faultId: number,
): HandedDevice {
  const { type, pasidBits } = hwInfoOf(iommufd, devId, what);
  const known = name ?? `device ${devId}`;
  return {
    devId,
    name: known,
    fd,
    shared: !isAlone(iommufd.kernel.files, iommufd.kernel.files.readLink(`/proc/self/fd/${fd}`)),
    vfio: new VfioDevice(iommufd, fd, devId, known),
    pasidCapable: pasidBits > 0,
    hwInfoType: type,
    nestParent: null,
    before: { id: hwptId ?? UNKNOWN, kind: 'paging', ioasId: ioasId ?? UNKNOWN, faultId },
    changed: false,
  };
}

function hwInfoOf(iommufd: Iommufd, devId: DevId, what: string): { type: number; pasidBits: number } {
  try {
    return iommufd.hwInfo(devId);
  } catch (error) {
    if (!(error instanceof IommufdError)) throw error;
    if (error.errno !== Errno.ENOENT) return { type: 0, pasidBits: 0 };
    throw new Refusal(
      'refused',
      `${what}: the iommufd has no device ${devId}`,
      'give the out_devid that VFIO_DEVICE_BIND_IOMMUFD returned, and the iommufd it was bound to',
    );
  }
}

/** Attaches it to what it was attached to before; what stays undone is said. */
export function giveBack({ changed, before, vfio, name }: HandedDevice): void {
  if (!changed) return;
  const told = before.id !== UNKNOWN;
  const failure = told ? failureOf(() => vfio.attach(null, before.id as HwptId)) : null;
  if (told && failure === null) return;
  // On ours it cannot stay.
  const worse = failureOf(() => vfio.detach(null));
  const why = worse ?? failure;
  throw new Refusal(
    'refused',
    `${name} stays ${worse ? 'attached to an HWPT of iopftop' : 'detached'}: ${why?.message ?? 'nobody has said what it was attached to before'}`,
    told ? 'whoever has handed it over can attach it' : 'whoever hands it over can say so: hwptId',
  );
}
