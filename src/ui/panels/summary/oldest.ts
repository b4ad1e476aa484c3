// The group that has waited longest, and where.
import type { Snapshot } from '../../../protocol/messages.ts';
import { oldestDevice } from '../../model/ages.ts';
import { sourceName } from '../../text/names.ts';

export interface Oldest {
  ns: number;
  /** "nvme0 PASID 3". */
  where: string;
  /** null: it is not among the rows that this view has. */
  group: number | null;
}

/** A view is made in less than that, so two ages of one group never differ by more. */
const SAME_NS = 1e6;

/** null: nothing is pending. */
export function oldestGroup({ devices, pending }: Snapshot): Oldest | null {
  const device = oldestDevice(devices);
  if (!device) return null;
  const ns = device.oldestNs;
  const { devId } = device;
  const row = pending.find((group) => group.devId === devId && Math.abs(group.ageNs - ns) < SAME_NS);
  const pasid = row
    ? row.pasid
    : (device.attachments.find((a) => a.oldestNs !== null && Math.abs(a.oldestNs - ns) < SAME_NS)?.pasid ?? null);
  return { ns, where: sourceName(device.name, pasid), group: row?.group ?? null };
}
