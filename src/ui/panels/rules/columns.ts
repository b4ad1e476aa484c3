import { left, right } from '../../model/columns.ts';
import type { Column } from '../../text/table.ts';

/** `nameWidth`: of the longest name. The condition gets what is left: it is what distinguishes rules. */
export function ruleColumns(nameWidth: number): Column[] {
  return [
    right('number', '#', [2, 3], 0),
    left('on', 'ON', [3, 3], 0),
    left('name', 'NAME', [8, Math.max(8, Math.min(24, nameWidth))], 1),
    left('when', 'WHEN', [28, 200], 2),
    left('then', 'THEN', [7, 7], 0),
    right('after', 'AFTER', [7, 7], 3),
    right('hits', 'HITS', [7, 11], 1),
    right('share', 'OF ALL', [6, 6], 4),
  ];
}
