import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { StreamWindow } from '../../protocol/messages.ts';
import type { History } from '../ledger/history.ts';

/**
 * Copies of the records `seqs` (rising, all held) as a window of the stream has them; those that follow one another at once.
 */
export function gather(
  history: History,
  seqs: number[],
): Pick<StreamWindow, 'seqs' | 'records' | 'arrived' | 'groups' | 'states'> {
  const out = {
    seqs: Float64Array.from(seqs),
    records: new Uint8Array(seqs.length * RECORD_BYTES),
    arrived: new Float64Array(seqs.length),
    groups: new Float64Array(seqs.length),
    states: new Uint8Array(seqs.length),
  };
  for (let i = 0; i < seqs.length; ) {
    let next = i + 1;
    while (next < seqs.length && seqs[next] === seqs[next - 1]! + 1) next++;
    const copy = history.copy(seqs[i]!, seqs[next - 1]!);
    out.records.set(copy.records, i * RECORD_BYTES);
    out.arrived.set(
      copy.arrived.map((ns) => ns / 1e9),
      i,
    );
    out.groups.set(copy.groups, i);
    out.states.set(copy.states, i);
    i = next;
  }
  return out;
}
