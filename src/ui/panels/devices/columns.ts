import { left, right } from '../../model/columns.ts';
import type { Column } from '../../text/table.ts';

const TITLE = 'DEVICE, PASID';
/** A PASID has 20 bits; none of its digits is cut off. */
const LONGEST_PASID = '├ PASID 1048575'.length;

/** Cells for a device's sentence by the width of the table: the longest ones where there is room, else their beginning. */
const sentenceWidth = (width: number): number => (width < 90 ? 18 : width < 104 ? 27 : 30);

/**
 * `nameWidth`: the longest name of a device or PASID, with the branch before it. `speaking`: the devices are simulated and can
 * say what is wrong ("stuck for 12.3 s, no answer"); that matters more than the ids, and its room is kept while all is well.
 */
export function deviceColumns(nameWidth: number, speaking: boolean, width: number): Column[] {
  const columns = [
    left(
      'name',
      TITLE,
      [Math.max(TITLE.length, Math.min(LONGEST_PASID, nameWidth)), Math.max(TITLE.length, nameWidth)],
      0,
    ),
    right('dev', 'DEV', [3, 4], 5),
    left('hwpt', 'HWPT', [12, 14], 1),
    right('ioas', 'IOAS', [4, 5], 6),
    right('queue', 'QUEUE', [5, 5], 4),
    left('handler', 'HANDLER', [7, 10], 2),
    right('rate', 'FAULTS/S', [8, 9], 3),
    right('pending', 'PEND', [5, 7], 0),
    right('oldest', 'OLDEST', [7, 7], 0),
    right('faults', 'FAULTS', [9, 11], 7),
    right('quiet', 'LAST FAULT', [10, 10], 8),
    left('poll', 'POLL', [6, 6], 9),
  ];
  const note = left('note', 'DEVICE SAYS', [sentenceWidth(width), 34], 0.5);
  return speaking ? [...columns, { ...note, growth: -1 }] : columns;
}
