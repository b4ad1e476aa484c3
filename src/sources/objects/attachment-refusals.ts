// What a source says where an attachment, device or HWPT is not what a command takes it for.
import { Refusal } from '../../text/refusal.ts';
import type { SourceDevice, SourceHwpt } from '../source.ts';

type Named = Pick<SourceDevice, 'name'>;

const named = ({ name }: Named, pasid: number | null): string => (pasid === null ? name : `${name} PASID ${pasid}`);

export const attachedAlready = (device: Named, pasid: number | null): Refusal =>
  new Refusal('refused', `${named(device, pasid)} is attached already`, 'use replace');

/** iommu_attach_device_pasid() would say EBUSY, a replace or detach EINVAL: it is not iommufd's. */
export const bondRefusal = (what: string, device: Named, pasid: number): Refusal =>
  new Refusal(
    'refused',
    `${what}: ${named(device, pasid)} has an SVA bond: the kernel answers its faults itself, and none comes here`,
    'the driver that made the bond ends it (iommu_sva_unbind_device), when the process lets go of the device',
  );

export const notAttached = (device: Named, pasid: number | null): Refusal =>
  new Refusal('gone', `${named(device, pasid)} is not attached`, 'use attach');

export function noSuchDevice(devId: number, devices: readonly SourceDevice[]): Refusal {
  const known = devices.map((device) => `${device.devId} (${device.name})`).join(', ') || 'none';
  return new Refusal('gone', `there is no device ${devId}`, `devices: ${known}`);
}

export function noSuchHwpt(
  choice: number,
  hwpts: readonly SourceHwpt[],
  ioasIds: readonly (number | undefined)[],
): Refusal {
  const ids = hwpts.map(({ id }) => id).join(', ') || 'none is known';
  const ioas = ioasIds.length === 0 ? '' : `; IOAS ${ioasIds.join(' or ')} attaches without a fault queue`;
  return new Refusal('gone', `there is no HWPT ${choice}`, `HWPTs: ${ids}${ioas}`);
}

export const unknownTable = (devId: number): Refusal =>
  new Refusal(
    'refused',
    `device ${devId} translates through a page table that is not known here`,
    'map the pages there and answer success, or replace its HWPT by a new one first',
  );

export const mapOnNested = ({ id }: SourceHwpt): Refusal =>
  new Refusal(
    'refused',
    `HWPT ${id} is nested: map fills no stage-1 tables, which are a guest's`,
    'replace it with a paging HWPT (map works there), answer success once a guest has mapped the page, or answer invalid',
  );
