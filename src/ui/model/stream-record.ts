// Records of the stream window, decoded where they are needed: the rows in sight, or the one under the cursor.
import { RECORD_STATES, type RecordState, type StreamWindow } from '../../protocol/messages.ts';
import { iommuHwptPgfault, PgfaultFlag } from '../../uapi/iommufd.ts';

export interface StreamRow {
  seq: number;
  t: number;
  group: number;
  devId: number;
  pasid: number | null;
  grpid: number;
  perm: number;
  addr: bigint;
  lastPage: boolean;
  cookie: number;
  state: RecordState;
}

/** The record with sequence number `seq`; null when the window does not hold it. */
export function decodeRow(window: StreamWindow, seq: number): StreamRow | null {
  const i = rowAt(window, seq);
  if (window.seqs[i] !== seq) return null;
  const fault = iommuHwptPgfault.decode(window.records, i * iommuHwptPgfault.size);
  return {
    seq,
    t: window.arrived[i] ?? 0,
    group: window.groups[i] ?? 0,
    devId: fault.devId,
    pasid: fault.flags & PgfaultFlag.PASID_VALID ? fault.pasid : null,
    grpid: fault.grpid,
    perm: fault.perm,
    addr: fault.addr,
    lastPage: (fault.flags & PgfaultFlag.LAST_PAGE) !== 0,
    cookie: fault.cookie,
    state: RECORD_STATES[window.states[i] ?? 0] ?? 'pending',
  };
}

/** The first row of the window whose record is `seq` or newer; their number when there is none. */
export function rowAt({ seqs }: Pick<StreamWindow, 'seqs'>, seq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seqs[middle]! < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
