// --once for people: the snapshot as plain tables.
import type { DeviceRow, PendingRow, QueueRow, Snapshot } from '../protocol/messages.ts';

type Cell = string | number;

/** What a device calls itself must not reach the terminal as control codes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const plain = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?');

const duration = (ns: number | null): string => {
  if (ns === null) return '-';
  const seconds = ns / 1e9;
  if (seconds >= 60) return `${Math.floor(seconds / 60)}m${String(Math.floor(seconds % 60)).padStart(2, '0')}s`;
  return seconds >= 1 ? `${seconds.toFixed(1)}s` : `${(ns / 1e6).toFixed(1)}ms`;
};

function table(title: string, head: string[], rows: Cell[][]): string {
  if (rows.length === 0) return `${title}: none\n`;
  const cells = [head, ...rows.map((row) => row.map((cell) => plain(String(cell))))];
  const widths = head.map((_, i) => cells.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  const isNumber = head.map((_, i) => rows.every((row) => typeof row[i] === 'number'));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
  return `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

const pasidText = (pasid: number | null): string => (pasid === null ? '-' : String(pasid));

function attachmentCells({ devId, name, attachments, note }: DeviceRow): Cell[][] {
  if (attachments.length === 0) return [[devId, name, '-', 'detached', '-', '-', 0, '-', note ?? '']];
  return attachments.map((a) => [
    devId,
    name,
    pasidText(a.pasid),
    `${a.hwptId} (${a.hwptKind})`,
    a.faultId === null ? '-' : `${a.faultId}`,
    a.handler,
    a.pending,
    duration(a.oldestNs),
    a.pasid === null ? (note ?? '') : '',
  ]);
}

const queueCells = (q: QueueRow): Cell[] => [q.queue, q.faultId, q.readable ? 'yes' : 'no', q.pending, q.faults];

/** What the rule of a group does, and when, where it has not done it yet. */
function ruleText(rule: PendingRow['rule']): string {
  if (rule === null) return '-';
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

/** The whole text; `label` says what was looked at. */
export function snapshotText(label: string, { devices, queues, pending, counters }: Snapshot): string {
  const { faults, groups, success, invalid, auto } = counters;
  return [
    `${plain(label)}: ${faults} faults in ${groups} groups; answered ${success} success, ${invalid} invalid, ${auto} by the kernel\n`,
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
