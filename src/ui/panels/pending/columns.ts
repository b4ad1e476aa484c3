import { leastName, left, numbered, right } from '../../model/columns.ts';
import type { Column } from '../../text/table.ts';

/** Cells that the state has at least: rules have something to say of the groups, and in a dry run some more. */
export type StateCells = 9 | 20 | 24;

/** `groups`: how many there were so far; their numbers are shown whole. */
export function pendingColumns(nameWidth: number, stateCells: StateCells = 9, groups = 0): Column[] {
  const spoken = stateCells > 9;
  return [
    right('age', 'AGE', [7, 7], 0),
    numbered('group', 'GROUP', [6, groups], 4),
    left('device', 'DEVICE', [leastName(nameWidth), nameWidth], 0),
    right('pasid', 'PASID', [5, 7], 1),
    right('grpid', 'GRPID', [5, 5], 6),
    right('cookie', 'COOKIE', [6, 6], 5),
    right('faults', 'FLTS', [4, 5], 3),
    left('perm', 'PERM', [4, 4], 2),
    right('first', 'FIRST ADDRESS', [14, 18], 1),
    right('last', 'LAST ADDRESS', [14, 18], 9),
    right('repeats', 'REPEATS', [7, 7], 4.5),
    spoken ? { ...left('state', 'STATE', [stateCells, 40], 2.5), growth: -1 } : left('state', 'STATE', [9, 11], 8),
  ];
}
