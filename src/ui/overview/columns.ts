// The columns of the three tables. `min` and `max` are widths in cells; the lower the priority number, the longer it stays.
import type { Column } from '../text/table.ts';

const left = (id: string, title: string, min: number, max: number, priority: number): Column => ({
  id,
  title,
  align: 'left',
  min,
  max,
  priority,
});
const right = (id: string, title: string, min: number, max: number, priority: number): Column => ({
  ...left(id, title, min, max, priority),
  align: 'right',
});

/** From this width on a device's whole sentence has room; below, its beginning. */
const SENTENCE_FROM = 90;

/**
 * `nameWidth`: the longest device name, so that all tables agree. `speaking`: the devices are played and can say what
 * ails them ("hung for 12.3 s, no answer"); that is worth more than the ids, and its place is kept while they are well.
 */
export function deviceColumns(nameWidth: number, speaking: boolean, width: number): Column[] {
  const columns = [
    left('name', 'DEVICE / PASID', 14, Math.max(14, nameWidth + 2), 0),
    right('dev', 'DEV', 3, 4, 5),
    left('hwpt', 'HWPT', 12, 14, 1),
    right('ioas', 'IOAS', 4, 5, 6),
    right('queue', 'QUEUE', 5, 5, 4),
    left('handler', 'HANDLER', 7, 10, 2),
    right('rate', 'FAULTS/S', 8, 9, 3),
    right('pending', 'PEND', 5, 7, 0),
    right('oldest', 'OLDEST', 7, 7, 0),
    right('faults', 'FAULTS', 9, 11, 8),
  ];
  const note = left('note', 'DEVICE SAYS', width < SENTENCE_FROM ? 18 : 27, 34, 0.5);
  return speaking ? [...columns, { ...note, growth: -1 }] : columns;
}

export function pendingColumns(nameWidth: number): Column[] {
  return [
    right('age', 'AGE', 7, 7, 0),
    right('group', 'GROUP', 6, 9, 4),
    left('device', 'DEVICE', Math.min(8, nameWidth), nameWidth, 0),
    right('pasid', 'PASID', 5, 7, 1),
    right('grpid', 'GRPID', 5, 5, 6),
    right('cookie', 'COOKIE', 6, 6, 5),
    right('faults', 'FLTS', 4, 5, 3),
    left('perm', 'PERM', 4, 4, 2),
    right('first', 'FIRST ADDRESS', 14, 18, 1),
    right('last', 'LAST ADDRESS', 14, 18, 9),
    right('repeats', 'REPEATS', 7, 7, 4.5),
    left('state', 'STATE', 9, 11, 8),
  ];
}

export function streamColumns(nameWidth: number): Column[] {
  return [
    left('state', 'S', 1, 1, 0),
    right('time', 'TIME s', 9, 10, 0),
    right('seq', 'SEQ', 7, 9, 6),
    right('group', 'GROUP', 6, 9, 4),
    left('device', 'DEVICE', Math.min(8, nameWidth), nameWidth, 0),
    right('pasid', 'PASID', 5, 7, 1),
    right('grpid', 'GRPID', 5, 5, 7),
    left('perm', 'PERM', 4, 4, 2),
    right('addr', 'ADDRESS', 14, 18, 1),
    left('last', 'L', 1, 1, 5),
    right('cookie', 'COOKIE', 6, 6, 8),
  ];
}
