// The rows of the devices: cells as text, from the view. Pure; the JSON has the same numbers.
import type { AttachmentRow } from '../../../protocol/messages.ts';
import { count, duration, rate } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { ageStyle, isHung } from '../ages.ts';
import type { Cells, Line } from '../lines.ts';
import type { DeviceLine } from './tree.ts';

const HANDLED: Record<AttachmentRow['handler'], string> = {
  us: 'us',
  kernel: 'kernel SVA',
  nobody: 'nobody',
};

/** Age of the newest fault, in words. */
const ago = (ns: number | null): string => (ns === null ? 'none yet' : duration(ns));

/** Of the device, or of its PASID with the branch of the tree before it. */
export function nameOf({ device, attachment, branch }: DeviceLine): string {
  if (branch === 'device') return sanitise(device.name);
  return `${branch === 'pasid' ? '├' : '└'} PASID ${attachment?.pasid}`;
}

/** `readable`: fault objects by id in which groups wait, as poll(2) says. */
export function deviceRow(line: DeviceLine, readable: ReadonlySet<number> = new Set()): Omit<Line, 'selected'> {
  const { device, attachment, branch } = line;
  const own = branch === 'device';
  const oldest = own ? device.oldestNs : (attachment?.oldestNs ?? null);
  const queue = attachment?.faultId ?? null;
  const pending = own ? device.pending : (attachment?.pending ?? 0);
  const cells: Cells = {
    name: nameOf(line),
    dev: own ? String(device.devId) : '',
    hwpt: attachment ? `${attachment.hwptKind} ${attachment.hwptId}` : 'not attached',
    ioas: attachment ? String(attachment.ioasId) : '-',
    queue: queue === null ? '-' : String(queue),
    handler: attachment ? HANDLED[attachment.handler] : 'nobody',
    rate: rate(own ? device.rate : (attachment?.rate ?? 0)),
    pending: count(pending),
    oldest: oldest === null ? '-' : duration(oldest),
    faults: count(own ? device.faults : (attachment?.faults ?? 0)),
    quiet: own ? ago(device.quietNs) : '',
    poll: queue === null ? '-' : readable.has(queue) ? 'POLLIN' : 'empty',
    note: own ? sanitise(device.note ?? '') : '',
  };
  const handled = attachment?.handler === 'us' ? 'good' : attachment?.handler === 'kernel' ? 'plain' : 'warn';
  return {
    cells,
    styles: {
      name: own && isHung(device) ? 'bad' : 'plain',
      oldest: ageStyle(oldest),
      handler: handled,
      pending: pending ? 'title' : 'dim',
      note: isHung(device) ? 'bad' : 'warn',
    },
  };
}
