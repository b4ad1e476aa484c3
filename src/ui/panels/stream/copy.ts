import type { FaultMessage } from '../../../protocol/messages.ts';
import { iommuHwptPgfault } from '../../../uapi/iommufd.ts';
import type { Copied } from '../../state/copy.ts';
import { shownView, type UiState } from '../../state/state.ts';
import { hex } from '../../text/format.ts';
import { cellsText } from '../columns.ts';
import type { Line } from '../lines.ts';
import { streamColumns } from './columns.ts';
import { rowAt, streamRow } from './record.ts';

const PERMS = ['read', 'write', 'exec', 'priv'];

/** The fault under the cursor, of `lines` that hold it; its JSON is a `fault` of the NDJSON stream. */
export function copyStream(state: UiState, lines: readonly Line[]): Copied | null {
  const view = shownView(state);
  const row = streamRow(state);
  const line = lines.find(({ selected }) => selected);
  if (!view || !row || !line) return null;
  const { flags, length } = iommuHwptPgfault.decode(
    view.stream.records,
    rowAt(view.stream, row.seq) * iommuHwptPgfault.size,
  );
  const { t, seq, group, cookie, devId, pasid, grpid, addr, lastPage } = row;
  const perm = PERMS.filter((_, bit) => row.perm & (1 << bit));
  const json: Omit<FaultMessage, 'queue'> & { queue?: number } = {
    type: 'fault',
    t,
    seq,
    group,
    ...queueOf(state, group),
    cookie,
    devId,
    pasid,
    grpid,
    perm,
    addr: hex(addr) as FaultMessage['addr'],
    length: Number(length),
    lastPage,
    flags,
  };
  const text = cellsText(streamColumns(0, state.time), line.cells);
  return { what: `fault ${seq}`, text, address: hex(addr), json };
}

/** Records do not name their queue: it is known of a pending group, and where there is one queue only. */
function queueOf(state: UiState, group: number): { queue?: number } {
  const { pending, queues } = shownView(state)!.snapshot;
  const queue =
    pending.find((row) => row.group === group)?.queue ?? (queues.length === 1 ? queues[0]!.queue : undefined);
  return queue === undefined ? {} : { queue };
}
