// A device of our own is opened, and attached for the first time.

import type { BoundDevice } from '../objects/device.ts';
import { cannotFault, cannotFaultBy } from '../objects/device-refusals.ts';
import type { IommufdObjects } from '../objects/objects.ts';
import type { HwptChoice, SourceHwpt } from '../source.ts';
import type { DeviceSource } from './device-source.ts';

/** Throws IommufdError and Refusal; what was already opened belongs to `objects`, and is closed with them. */
export function addDevice(objects: IommufdObjects, source: DeviceSource): void {
  const { ioasId } = objects.own;
  const { name, pasids, group, doubt } = source;
  const { attachable, ...opened } = source.open(objects.iommufd, ioasId);
  const { devId } = attachable;
  const device: BoundDevice = {
    devId,
    name,
    group,
    doubt,
    ...opened,
    attachable,
    shared: false,
    nestParent: null,
    before: null,
    letGo: () => attachable.release(),
  };
  objects.adopt(device);
  // A new mock device is already attached to the IOAS; for other devices this is the attach.
  const hwpt = attachFirst(objects, device, source);
  for (const pasid of pasids) objects.attach(devId, pasid, sameAs(hwpt, ioasId));
}

/** What to attach another device to, so that both share it: an automatic HWPT is requested by its IOAS. */
const sameAs = ({ id, faultId }: SourceHwpt, ioasId: number): HwptChoice => (faultId === null ? ioasId : id);

/** With a fault object; without one if that is requested and the device cannot fault. */
function attachFirst(objects: IommufdObjects, device: BoundDevice, source: DeviceSource): SourceHwpt {
  const { ioasId } = objects.own;
  const [leader] = objects.groupOf(device, null);
  if (leader) {
    device.cannotFault ??= objects.device(leader.devId).cannotFault;
    return objects.attachFirst(device, sameAs(leader.hwpt, ioasId));
  }
  if (device.cannotFault === null) {
    try {
      return objects.attachFirst(device, source.hwpt === 'nested' ? 'new-nested' : 'new-paging');
    } catch (error) {
      device.cannotFault = cannotFaultBy(error);
      if (device.cannotFault === null) throw error;
    }
  }
  if (!source.withoutFaults) throw cannotFault(source, device.cannotFault);
  return objects.attachFirst(device, ioasId);
}
