// Groups that were reported to the source, and not read: they have their own times, nobody here decides about them, and others
// end them.
import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { FaultSink } from '../../sources/source.ts';
import type { Grpid } from '../../uapi/ids.ts';
import { attempt } from '../complaints.ts';
import { History } from '../ledger/history.ts';
import { NO_QUEUE } from '../ledger/pending.ts';
import type { EngineState } from '../state.ts';
import { takeIn } from './take-in.ts';

/** Takes what there is; returns the records. */
export function readTold(state: EngineState): number {
  const { source, ledger } = state;
  if (!source.read) return 0;
  const { faults } = ledger.totals;
  attempt(state, () => source.read?.(sinkOf(state)));
  return ledger.totals.faults - faults;
}

function sinkOf(state: EngineState): FaultSink {
  const { ledger } = state;
  const since = (atNs: bigint): number => ledger.notBefore(Number(atNs - state.startNs));
  return {
    seen(records, atNs) {
      const chunk = ledger.history.tail();
      History.place(chunk).set(records);
      takeIn(state, { queue: NO_QUEUE, chunk, count: records.byteLength / RECORD_BYTES }, since(atNs));
    },
    ended({ devId, pasid, grpid }, { how, by }, atNs) {
      const group = ledger.pending.seen(devId, pasid, grpid as Grpid);
      if (!group) return;
      ledger.endedElsewhere([group], how, by, since(atNs));
      state.version++;
    },
    lost(count, atNs) {
      ledger.lost('source', count, since(atNs));
      state.version++;
    },
  };
}
