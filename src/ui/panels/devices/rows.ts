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

export function deviceRow(line: DeviceLine): Omit<Line, 'selected'> {
  const { device, attachment, branch } = line;
  const own = branch === 'device';
  const oldest = own ? device.oldestNs : (attachment?.oldestNs ?? null);
  const pending = own ? device.pending : (attachment?.pending ?? 0);
  const name = own ? sanitise(device.name) : `${branch === 'pasid' ? '├' : '└'} PASID ${attachment?.pasid}`;
  const cells: Cells = {
    name,
    dev: own ? String(device.devId) : '',
    hwpt: attachment ? `${attachment.hwptKind} ${attachment.hwptId}` : 'not attached',
    ioas: attachment ? String(attachment.ioasId) : '-',
    queue: attachment?.faultId == null ? '-' : String(attachment.faultId),
    handler: attachment ? HANDLED[attachment.handler] : 'nobody',
    rate: own ? rate(device.rate) : '',
    pending: count(pending),
    oldest: oldest === null ? '-' : duration(oldest),
    faults: own ? count(device.faults) : '',
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
