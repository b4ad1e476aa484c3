import type { Counters } from '../../../protocol/messages.ts';
import { leastName, left, numbered, right } from '../../model/columns.ts';
import type { TimeMode } from '../../model/config.ts';
import { TIME_TITLES } from '../../model/times.ts';
import type { Column } from '../../text/table.ts';

const NOTHING_YET = { faults: 0, groups: 0 };

/** `counted`: the numbers there are so far; they are shown whole, however many digits they have. */
export function streamColumns(
  nameWidth: number,
  time: TimeMode,
  counted: Pick<Counters, 'faults' | 'groups'> = NOTHING_YET,
): Column[] {
  const clock = time === 'absolute' ? 12 : 9;
  return [
    left('state', 'S', [1, 1], 0),
    right('time', TIME_TITLES[time], [clock, Math.max(clock, 10)], 0),
    numbered('seq', 'SEQ', [7, counted.faults], 6),
    numbered('group', 'GROUP', [6, counted.groups], 4),
    left('device', 'DEVICE', [leastName(nameWidth), nameWidth], 0),
    right('pasid', 'PASID', [5, 7], 1),
    right('grpid', 'GRPID', [5, 5], 7),
    left('perm', 'PERM', [4, 4], 2),
    right('addr', 'ADDRESS', [14, 18], 1),
    left('last', 'L', [1, 1], 5),
    right('cookie', 'COOKIE', [6, 6], 8),
  ];
}
