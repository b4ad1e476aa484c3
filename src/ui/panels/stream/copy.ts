import { iommuHwptPgfault } from '../../../uapi/iommufd.ts';
import { cellsText } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { streamRow } from '../../model/places/stream.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { rowAt } from '../../model/stream-record.ts';
import { faultJson } from '../fault-json.ts';
import type { Line } from '../lines.ts';
import { streamColumns } from './columns.ts';

/** The fault under the cursor, of `lines` that hold it. */
export function copyStream(state: UiState, lines: readonly Line[]): Copied | null {
  const view = shownView(state);
  const row = streamRow(state);
  const line = lines.find(({ selected }) => selected);
  if (!view || !row || !line) return null;
  const { seq, t, group } = row;
  const from = rowAt(view.stream, seq) * iommuHwptPgfault.size;
  const record = view.stream.records.subarray(from, from + iommuHwptPgfault.size);
  const json = faultJson(record, { seq, t, group, queue: queueOf(state, group) });
  const text = cellsText(streamColumns(0, state.time), line.cells);
  return { what: `fault ${seq}`, text, address: json.addr, json };
}

/** Records do not name their queue: it is known for a pending group, and if there is only one queue. */
function queueOf(state: UiState, group: number): number | null {
  const { pending, queues } = shownView(state)!.snapshot;
  const only = queues.length === 1 ? queues[0]!.queue : null;
  return pending.find((row) => row.group === group)?.queue ?? only;
}
