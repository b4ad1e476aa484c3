// The rows of the pending groups: cells as text, from the view. Pure; the JSON has the same numbers.

import type { PendingRow } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { permBits } from '../../../uapi/perm.ts';
import { ageStyle } from '../../model/ages.ts';
import { count, permLetters } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Cells, Line } from '../lines.ts';

/** What becomes of it: by a rule, in so long; in a dry run what would. */
function stateText({ rule }: PendingRow, dryRun: boolean): string {
  if (!rule) return 'P pending';
  if (rule.error) return `${dryRun ? 'would: hold' : 'P held'}, ${sanitise(rule.name)} broken: ${sanitise(rule.error)}`;
  const name = `(${sanitise(rule.name)})`;
  const due = rule.then !== 'hold' && rule.dueNs > 0 ? ` in ${duration(rule.dueNs)}` : '';
  return dryRun ? `would: ${rule.then}${due} ${name}` : `P ${rule.then}${due} ${name}`;
}

/** `became`: what is said of it in place of pending; null: nothing. `hung`: its device has stopped. */
export function pendingRow(
  row: PendingRow,
  became: string | null,
  hung: boolean,
  dryRun: boolean,
): Omit<Line, 'selected'> {
  const cells: Cells = {
    age: duration(row.ageNs),
    group: String(row.group),
    device: sanitise(row.device),
    pasid: row.pasid === null ? '-' : String(row.pasid),
    grpid: String(row.grpid),
    cookie: String(row.cookie),
    faults: count(row.faults),
    perm: permLetters(permBits(row.perm)),
    first: row.first,
    last: row.last === row.first ? '' : row.last,
    repeats: row.repeats ? `${count(row.repeats)}×` : '-',
    state: became ?? stateText(row, dryRun),
  };
  return {
    cells,
    styles: {
      age: ageStyle(row.ageNs),
      device: hung ? 'bad' : 'plain',
      repeats: row.repeats ? 'warn' : 'dim',
      state: row.rule?.error ? 'bad' : row.rule ? 'accent' : 'warn',
    },
  };
}
