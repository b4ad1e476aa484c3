// The rows of the devices: cells as text, from the view. Pure; the JSON has the same numbers.

import type { AttachmentRow } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { ageStyle, isHung } from '../../model/ages.ts';
import type { DeviceLine } from '../../model/places/device-tree.ts';
import { count, rate } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import type { Cells, Line } from '../lines.ts';

const HANDLED: Record<AttachmentRow['handler'], string> = {
  us: 'us',
  kernel: 'kernel',
  nobody: 'nobody',
};

const HANDLER_STYLE: Record<AttachmentRow['handler'], Style> = { us: 'good', kernel: 'plain', nobody: 'warn' };

/** Age of the newest fault, in words. */
const ago = (ns: number | null): string => (ns === null ? 'none yet' : duration(ns));

/** Of the device, or of its PASID with the branch of the tree before it. */
export function nameOf({ device, attachment, branch }: DeviceLine): string {
  if (branch === 'device') return sanitise(device.name);
  return `${branch === 'pasid' ? '├' : '└'} PASID ${attachment?.pasid}`;
}

function hwptText(attachment: AttachmentRow | null, borrowed: boolean): string {
  if (!attachment) return borrowed ? 'not known' : 'not attached';
  return attachment.hwptId === null ? 'SVA bond' : `${attachment.hwptKind} ${attachment.hwptId}`;
}

/**
 * `polled`: what poll(2) says of each fault object, by its id. `borrowed`: the queues are another process's, so an unknown
 * attachment has only its faults; `looking`: that process reads them itself.
 */
export function deviceRow(
  line: DeviceLine,
  polled: ReadonlyMap<number, string> = new Map(),
  borrowed = false,
  looking = false,
): Omit<Line, 'selected'> {
  const { device, attachment, branch } = line;
  const own = branch === 'device';
  const oldest = own ? device.oldestNs : (attachment?.oldestNs ?? null);
  const queue = attachment?.faultId ?? null;
  const pending = own ? device.pending : (attachment?.pending ?? 0);
  const handler = attachment?.handler ?? (borrowed ? 'us' : 'nobody');
  // What the kernel handles itself never comes here, and is not counted.
  const unseen = !own && handler === 'kernel';
  const cells: Cells = {
    name: nameOf(line),
    dev: own ? String(device.devId) : '',
    hwpt: hwptText(attachment, borrowed),
    ioas: String(attachment?.ioasId ?? '-'),
    queue: queue === null ? '-' : String(queue),
    handler: looking ? 'owner' : HANDLED[handler],
    rate: unseen ? '-' : rate(own ? device.rate : (attachment?.rate ?? 0)),
    pending: unseen ? '-' : count(pending),
    oldest: oldest === null ? '-' : duration(oldest),
    faults: unseen ? '-' : count(own ? device.faults : (attachment?.faults ?? 0)),
    quiet: own ? ago(device.quietNs) : '',
    poll: queue === null ? '-' : (polled.get(queue) ?? 'empty'),
    note: own ? sanitise(device.note ?? '') : '',
  };
  return {
    cells,
    styles: {
      name: own && isHung(device) ? 'bad' : 'plain',
      oldest: ageStyle(oldest),
      handler: looking ? 'plain' : HANDLER_STYLE[handler],
      poll: cells.poll === 'closed' ? 'warn' : 'plain',
      pending: pending ? 'title' : 'dim',
      note: isHung(device) ? 'bad' : 'warn',
    },
  };
}
