// Raw records as a read() would leave them, for a ledger without a kernel.
import { Ledger } from '../../../src/engine/ledger/ledger.ts';
import type { Read } from '../../../src/engine/ledger/read.ts';
import { RECORD_WORDS, W } from '../../../src/engine/ledger/records.ts';
import { PgfaultFlag } from '../../../src/uapi/iommufd.ts';

export interface Asked {
  devId: number;
  /** -1: none. */
  pasid: number;
  page: number;
  faults: number;
  cookie: number;
  grpid?: number;
}

/** The groups one after another, each with so many faults at pages that follow each other. */
export function recordsOf(groups: readonly Asked[]): Uint32Array {
  const words = new Uint32Array(groups.reduce((sum, { faults }) => sum + faults, 0) * RECORD_WORDS);
  let at = 0;
  for (const { devId, pasid, page, faults, cookie, grpid = cookie } of groups) {
    for (let i = 0; i < faults; i++, at += RECORD_WORDS) {
      const last = i === faults - 1 ? PgfaultFlag.LAST_PAGE : 0;
      words[at + W.flags] = last | (pasid < 0 ? 0 : PgfaultFlag.PASID_VALID);
      words[at + W.devId] = devId;
      words[at + W.pasid] = Math.max(0, pasid);
      words[at + W.grpid] = grpid;
      words[at + W.perm] = 1 + (page & 1);
      words[at + W.addrLow] = ((page + i) << 12) >>> 0;
      words[at + W.cookie] = cookie;
    }
  }
  return words;
}

/** As intake does it. */
export function readInto(ledger: Ledger, groups: readonly Asked[], queue: number, at: number): Read {
  const words = recordsOf(groups);
  const chunk = ledger.history.tail();
  chunk.words.set(words, chunk.count * RECORD_WORDS);
  return ledger.read(chunk, words.length / RECORD_WORDS, queue, at);
}

/** With the smallest history. */
export const newLedger = (): Ledger => new Ledger({ records: 1, loopFrom: 2, ofOthers: false });
