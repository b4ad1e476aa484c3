// A device that was handed over with its descriptor, or is known only by its faults.

import { IommufdError } from '../../iommufd/error.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import { failureOf } from '../../iommufd/teardown.ts';
import { VfioDevice } from '../../iommufd/vfio-device.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { DevId, HwptId } from '../../uapi/ids.ts';
import type { GivenDevice } from '../listen/given.ts';
import { type BoundDevice, UNKNOWN } from '../objects/device.ts';
import type { SourceHwpt } from '../source.ts';
import { isAlone } from './descriptor.ts';

/**
 * Throws Refusal where the iommufd has no device of that id (IOMMU_GET_HW_INFO, which changes nothing).
 * `faultId`: where its HWPT is likely to deliver to, UNKNOWN: not told. `shift`: see BoundDevice.
 */
export function handedDevice(
  iommufd: Iommufd,
  { fd, name: known, hwptId, ioasId, what }: GivenDevice,
  devId: DevId,
  { shift, faultId }: { shift: number; faultId: number },
): BoundDevice {
  const { files } = iommufd.kernel;
  const { type, pasidBits } = hwInfoOf(iommufd, devId, what);
  const name = known ?? `device ${devId}`;
  const attachable = new VfioDevice(iommufd, fd, devId, name);
  const before: SourceHwpt = { id: hwptId ?? UNKNOWN, kind: 'paging', ioasId: ioasId ?? UNKNOWN, faultId };
  return {
    devId: devId + shift,
    name,
    fd,
    attachable,
    group: null,
    shared: !isAlone(files, files.readLink(`/proc/self/fd/${fd}`)),
    pasidCapable: pasidBits > 0,
    hwInfoType: type,
    doubt: null,
    cannotFault: null,
    nestParent: null,
    before,
    letGo: (attached) => {
      if (attached?.hwpt.id !== before.id) giveBack(attachable, before, name);
    },
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
      'pass the out_devid that VFIO_DEVICE_BIND_IOMMUFD returned, and the iommufd it was bound to',
    );
  }
}

/** Attaches it to what it was attached to before; a failure is reported. */
function giveBack(vfio: VfioDevice, before: SourceHwpt, name: string): void {
  const told = before.id !== UNKNOWN;
  const failure = told ? failureOf(() => vfio.attach(null, before.id as HwptId)) : null;
  if (told && failure === null) return;
  // On ours it cannot stay.
  const worse = failureOf(() => vfio.detach(null));
  const why = worse ?? failure;
  throw new Refusal(
    'refused',
    `${name} stays ${worse ? 'attached to an HWPT of iopftop' : 'detached'}: ${why?.message ?? 'its former attachment was not given'}`,
    told ? 'the process that handed it over can attach it' : 'pass hwptId when handing it over',
  );
}
