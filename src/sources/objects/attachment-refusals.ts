// Refusals when an attachment, device or HWPT is not what a command takes it for.
import { Refusal } from '../../text/refusal.ts';
import type { SourceDevice, SourceHwpt } from '../source.ts';

type Named = Pick<SourceDevice, 'name'>;

const named = ({ name }: Named, pasid: number | null): string => (pasid === null ? name : `${name} PASID ${pasid}`);

export const attachedAlready = (device: Named, pasid: number | null): Refusal =>
  new Refusal('refused', `${named(device, pasid)} is already attached`, 'use replace');

/** iommu_attach_device_pasid() would say EBUSY, a replace or detach EINVAL: it is not iommufd's. */
export const bondRefusal = (what: string, device: Named, pasid: number): Refusal =>
  new Refusal(
    'refused',
    `${what}: ${named(device, pasid)} has an SVA bond: the kernel answers its faults itself, and none arrives here`,
    'the driver that made the bond ends it (iommu_sva_unbind_device) when the process releases the device',
  );

export const notAttached = (device: Named, pasid: number | null): Refusal =>
  new Refusal('gone', `${named(device, pasid)} is not attached`, 'use attach');

export function noSuchDevice(devId: number, devices: readonly SourceDevice[]): Refusal {
  const known = devices.map((device) => `${device.devId} (${device.name})`).join(', ') || 'none';
  return new Refusal('gone', `no such device: ${devId}`, `devices: ${known}`);
}

export function noSuchHwpt(
  choice: number,
  hwpts: readonly SourceHwpt[],
  ioasIds: readonly (number | undefined)[],
): Refusal {
  const ids = hwpts.map(({ id }) => id).join(', ') || 'none known';
  const ioas = ioasIds.length === 0 ? '' : `; IOAS ${ioasIds.join(' or ')} attaches without a fault queue`;
  return new Refusal('gone', `no such HWPT: ${choice}`, `HWPTs: ${ids}${ioas}`);
}

export const unknownTable = (devId: number): Refusal =>
  new Refusal(
    'refused',
    `device ${devId} translates through a page table that iopftop does not know`,
    'map the pages there and answer success, or first replace its HWPT with a new one',
  );

export const mapOnNested = ({ id }: SourceHwpt): Refusal =>
  new Refusal(
    'refused',
    `HWPT ${id} is nested: map cannot fill a stage-1 table, which belongs to the guest`,
    'replace it with a paging HWPT (map works there), answer success once the guest has mapped the page, or answer invalid',
  );
