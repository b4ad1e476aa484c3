import { STATE } from '../../../src/engine/ledger/group.ts';
import { History } from '../../../src/engine/ledger/history.ts';
import { RECORD_WORDS, W } from '../../../src/engine/ledger/records.ts';
import type { EngineState } from '../../../src/engine/state.ts';
import type { Cookie, Grpid } from '../../../src/uapi/ids.ts';
import { PgfaultFlag } from '../../../src/uapi/iommufd.ts';

/** One read() of groups of `sizes` records, as if the kernel had returned it; all of them are pending then. */
export function arrive(state: EngineState, sizes: readonly number[], queue = 0): void {
  const chunk = state.ledger.history.tail();
  const bytes = History.place(chunk);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const firstGroup = state.ledger.totals.groups + 1;
  let row = 0;
  for (const [n, size] of sizes.entries()) {
    const group = firstGroup + n;
    for (let i = 0; i < size; i++, row++) {
      const at = row * RECORD_WORDS;
      words.fill(0, at, at + RECORD_WORDS);
      words[at + W.flags] =
        (i === size - 1 ? PgfaultFlag.LAST_PAGE : 0) | (group % 3 === 0 ? PgfaultFlag.PASID_VALID : 0);
      words[at + W.devId] = group % 2;
      words[at + W.pasid] = group % 3 === 0 ? group % 5 : 0;
      words[at + W.grpid] = group % 512;
      words[at + W.perm] = group % 4;
      words[at + W.addrLow] = ((group % 97) << 12) + i;
      words[at + W.cookie] = group;
    }
  }
  const seq = state.ledger.history.newest + 1;
  const nowNs = state.nowNs();
  state.ledger.history.commit(chunk, row, nowNs, firstGroup, queue);
  let from = seq;
  for (const [n, faults] of sizes.entries()) {
    const group = firstGroup + n;
    state.ledger.pending.add({
      group,
      queue,
      cookie: group as Cookie,
      seq: from,
      faults,
      devId: group % 2,
      pasid: group % 3 === 0 ? group % 5 : -1,
      grpid: (group % 512) as Grpid,
      through: undefined,
      arrivedNs: nowNs,
      repeats: 0,
      rule: null,
      broken: null,
      dueNs: Number.POSITIVE_INFINITY,
      saved: null,
    });
    from += faults;
  }
  state.ledger.totals.groups += sizes.length;
  state.ledger.totals.faults += row;
}

/** A group was answered. */
export function settle(state: EngineState, group: number, code: keyof typeof STATE): void {
  const pending = state.ledger.pending.get(group);
  if (!pending) return;
  state.ledger.pending.delete(group);
  state.ledger.history.mark(pending.seq, pending.faults, STATE[code]);
}
