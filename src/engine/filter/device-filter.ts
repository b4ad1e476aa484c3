// Devices through a filter. A device is judged by itself (its totals, and what is attached to it without a PASID) and by
// each PASID that is attached. It stays when it holds for any of them: whole where it holds for the device itself, else
// with those PASIDs alone, so that the attachment that was looked for is not lost among hundreds.
import type { FactsOf, FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { AttachmentRow, DeviceRow } from '../../protocol/messages.ts';

export type DeviceFacts = FactsOf<(typeof FILTER_VARIABLES)['devices']>;

const milliseconds = (ns: number | null): bigint => (ns === null ? -1n : BigInt(Math.floor(ns / 1e6)));

function facts(device: DeviceRow, row: DeviceRow | AttachmentRow, attachment: AttachmentRow | undefined): DeviceFacts {
  return {
    device: device.name,
    devId: BigInt(device.devId),
    pasid: BigInt(attachment?.pasid ?? -1),
    pasids: BigInt(device.attachments.filter((a) => a.pasid !== null).length),
    hwpt: BigInt(attachment?.hwptId ?? -1),
    kind: attachment?.hwptKind ?? '',
    ioas: BigInt(attachment?.ioasId ?? -1),
    queue: BigInt(attachment?.faultId ?? -1),
    handler: attachment?.handler ?? 'nobody',
    pending: BigInt(row.pending),
    oldest: milliseconds(row.oldestNs),
    rate: BigInt(Math.round(row.rate)),
    faults: BigInt(row.faults),
    hung: device.hungNs !== null,
  };
}

/** The devices that stay. */
export function filterDevices(devices: readonly DeviceRow[], holds: (facts: DeviceFacts) => boolean): DeviceRow[] {
  return devices.flatMap((device) => {
    const own = device.attachments.find((a) => a.pasid === null);
    if (holds(facts(device, device, own))) return [device];
    const attachments = device.attachments.filter((a) => a.pasid !== null && holds(facts(device, a, a)));
    return attachments.length > 0 ? [{ ...device, attachments }] : [];
  });
}
