// --once for people: the snapshot as plain tables.
import type { DeviceRow, PendingRow, QueueRow, Snapshot } from '../protocol/messages.ts';
import { visible } from '../text/visible.ts';
import { ownerText } from './owner-table.ts';
import { type Cell, duration, table } from './plain-table.ts';

const pasidText = (pasid: number | null): string => (pasid === null ? '-' : String(pasid));

function attachmentCells({ devId, name, attachments, note }: DeviceRow): Cell[][] {
  if (attachments.length === 0) return [[devId, name, '-', 'detached', '-', '-', 0, '-', note ?? '']];
  return attachments.map((a) => [
    devId,
    name,
    pasidText(a.pasid),
    a.hwptId === null ? 'SVA bond' : `${a.hwptId} (${a.hwptKind})`,
    a.faultId === null ? '-' : `${a.faultId}`,
    a.handler,
    a.pending,
    duration(a.oldestNs),
    a.pasid === null ? (note ?? '') : '',
  ]);
}

const queueCells = (q: QueueRow): Cell[] => [q.queue, q.faultId, q.readable ? 'yes' : 'no', q.pending, q.faults];

/** What a group's rule will do, and when. */
function ruleText(rule: PendingRow['rule']): string {
  if (rule === null) return '-';
  if (rule.error) return `${rule.name}: held, broken: ${rule.error}`;
  const when = rule.then === 'hold' ? '' : rule.dueNs > 0 ? ` in ${duration(rule.dueNs)}` : ' now';
  return `${rule.name}: ${rule.then}${when}`;
}

const pendingCells = (p: PendingRow): Cell[] => [
  p.group,
  p.device,
  pasidText(p.pasid),
  p.grpid,
  p.cookie,
  p.faults,
  p.first,
  p.perm.join('+'),
  duration(p.ageNs),
  p.repeats,
  p.mapped === null ? '-' : p.mapped ? 'yes' : 'no',
  ruleText(p.rule),
];

/** The whole text; `label` names the source. */
export function snapshotText(label: string, { devices, queues, pending, counters, owner }: Snapshot): string {
  const { faults, groups, success, invalid, auto } = counters;
  return [
    `${visible(label)}: ${faults} faults in ${groups} groups; answered ${success} success, ${invalid} invalid, ${auto} by the kernel\n`,
    ...(owner ? [ownerText(owner)] : []),
    table(
      'DEVICES',
      ['DEVID', 'DEVICE', 'PASID', 'HWPT', 'FAULT OBJECT', 'HANDLER', 'PENDING', 'OLDEST', 'NOTE'],
      devices.flatMap(attachmentCells),
    ),
    table('QUEUES', ['QUEUE', 'FAULT OBJECT', 'UNREAD', 'PENDING', 'FAULTS'], queues.map(queueCells)),
    table(
      'PENDING GROUPS',
      ['GROUP', 'DEVICE', 'PASID', 'GRPID', 'COOKIE', 'FAULTS', 'FIRST', 'PERM', 'AGE', 'REPEATS', 'MAPPED', 'RULE'],
      pending.map(pendingCells),
    ),
  ].join('\n');
}
