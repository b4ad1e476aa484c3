// The process that owns the queues, as plain text.

import type { OwnerQueueRow, OwnerRow } from '../protocol/messages.ts';
import { plural } from '../text/plural.ts';
import { visible } from '../text/visible.ts';
import { type Cell, duration, table } from './plain-table.ts';

const STATES: Record<string, string> = {
  R: 'running',
  S: 'sleeping',
  D: 'in uninterruptible sleep',
  I: 'idle',
  T: 'stopped',
  t: 'stopped by a debugger',
  Z: 'zombie',
  X: 'ended',
};

function stateText({ state, stopped, wchan, syscall, threads }: OwnerRow): string {
  if (state === null) return 'ended';
  const by = stopped ? ' by iopftop' : '';
  const where = [...(wchan ? [` in ${wchan}`] : []), ...(syscall ? [` (${syscall})`] : [])].join('');
  return `${STATES[state] ?? state}${by}${where}, ${plural(threads, 'thread')}`;
}

const unreadText = ({ readable }: OwnerQueueRow): string => (readable === null ? '?' : readable ? 'yes' : 'no');

const queueCells = (row: OwnerQueueRow): Cell[] => [
  row.fd,
  row.others.join(' ') || '-',
  unreadText(row),
  duration(row.readableNs),
  `${row.readableLooks} of ${row.looks}`,
  row.queue === null ? '-' : `queue ${row.queue}`,
];

/** Who it is, what it is doing, and which of its open files matter here. */
export function ownerText(owner: OwnerRow): string {
  const { pid, comm, uid, command, queues, iommufds, devices, stack, unread } = owner;
  const lines = [
    `PID ${pid} ${comm}${uid === null ? '' : `, uid ${uid}`}: ${stateText(owner)}`,
    ...(command === '' ? [] : [command]),
    `iommufds: ${iommufds.join(', ') || 'none'}`,
    ...devices.map(({ fd, path, address }) => `device: ${address ?? path}, descriptor ${fd}`),
    ...(stack && stack.length > 0 ? [`kernel stack: ${stack.slice(0, 6).join(' < ')}`] : []),
    ...unread.map((what) => `not known: ${what}`),
  ];
  return [
    `OWNER\n${lines.map((line) => `  ${visible(line)}\n`).join('')}`,
    table('ITS FAULT QUEUES', ['FD', 'ALSO', 'UNREAD', 'FOR', 'LOOKS', 'TAKEN AS'], queues.map(queueCells)),
  ].join('\n');
}
