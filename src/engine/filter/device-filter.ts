// Devices through a filter. A device is judged by itself (its totals, and what is attached to it without a PASID) and by
// each PASID that is attached. It stays if the filter holds for any of them: whole if it holds for the device itself, else
// with those PASIDs alone, so that the wanted attachment is not lost among hundreds.

import type { FactsOf, FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { AttachmentRow, BrokenRows, DeviceRow, FilterReport } from '../../protocol/messages.ts';
import { storedPasid } from '../../uapi/pasid.ts';
import type { Judgement } from '../rules/expression.ts';

export type DeviceFacts = FactsOf<(typeof FILTER_VARIABLES)['devices']>;

const milliseconds = (ns: number | null): bigint => (ns === null ? -1n : BigInt(Math.floor(ns / 1e6)));

function facts(device: DeviceRow, row: DeviceRow | AttachmentRow, attachment: AttachmentRow | undefined): DeviceFacts {
  return {
    device: device.name,
    devId: BigInt(device.devId),
    pasid: BigInt(storedPasid(attachment?.pasid)),
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

export class DeviceFilter {
  readonly #judge: (facts: DeviceFacts) => Judgement;
  #broken: BrokenRows | null = null;

  constructor(judge: (facts: DeviceFacts) => Judgement) {
    this.#judge = judge;
  }

  /** Devices of the last `rows` for which it could not be evaluated, for the device or one of its PASIDs. */
  broken(): Pick<FilterReport, 'broken'> {
    return this.#broken ? { broken: this.#broken } : {};
  }

  /** The devices that stay. */
  rows(devices: readonly DeviceRow[]): DeviceRow[] {
    this.#broken = null;
    return devices.flatMap((device) => {
      const errors: string[] = [];
      const stays = this.#staying(device, errors);
      const [error] = errors;
      if (error !== undefined) this.#broken = { count: (this.#broken?.count ?? 0) + 1, error };
      return stays;
    });
  }

  #staying(device: DeviceRow, errors: string[]): DeviceRow[] {
    const holds = (row: DeviceRow | AttachmentRow, attachment: AttachmentRow | undefined): boolean => {
      const judged = this.#judge(facts(device, row, attachment));
      if (judged.error !== null) errors.push(judged.error);
      return judged.holds;
    };
    const own = device.attachments.find((a) => a.pasid === null);
    if (holds(device, own)) return [device];
    const attachments = device.attachments.filter((a) => a.pasid !== null && holds(a, a));
    return attachments.length > 0 ? [{ ...device, attachments }] : [];
  }
}
