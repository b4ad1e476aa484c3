// Groups that were seen and not read: a trace, a recording. Nobody here decides about them; they are pending until their end
// is reported.
import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { PendingGroup } from './group.ts';
import { History } from './history.ts';
import type { Ledger } from './ledger.ts';
import { NO_QUEUE } from './pending.ts';
import { groupEnd, RECORD_WORDS } from './records.ts';

/** One time for all records, or one for each. */
export type Times = number | ArrayLike<number>;

/**
 * Takes in whole groups, in the order of their times, which are those of the feeder's clock. A group has the time of its last
 * record, which made it whole; one that is earlier than what came before it has that one's, so that time never runs backwards.
 * If a group with the same name (device, PASID, page request group; or the cookie of a queue) is outstanding already, its
 * end was not reported: it is ended with an unknown result. Returns the new ones.
 */
export function feed(ledger: Ledger, records: Uint32Array, times: Times, queue = NO_QUEUE): PendingGroup[] {
  const count = records.length / RECORD_WORDS;
  const added: PendingGroup[] = [];
  for (let from = 0; from < count; ) {
    const at = timeOf(records, times, from, count);
    const first = from;
    // Groups of one time count as one read.
    do from = groupEnd(records, from, count);
    while (from < count && timeOf(records, times, from, count) === at && fits(records, first, from, count));
    take(ledger, records.subarray(first * RECORD_WORDS, from * RECORD_WORDS), at, queue, added);
  }
  return added;
}

function timeOf(records: Uint32Array, times: Times, from: number, count: number): number {
  return typeof times === 'number' ? times : times[groupEnd(records, from, count) - 1]!;
}

const READ_RECORDS = History.READ_RECORDS;

const fits = (records: Uint32Array, first: number, from: number, count: number): boolean =>
  groupEnd(records, from, count) - first <= READ_RECORDS;

function take(ledger: Ledger, records: Uint32Array, given: number, queue: number, added: PendingGroup[]): void {
  const count = records.length / RECORD_WORDS;
  const chunk = count <= READ_RECORDS ? ledger.history.tail() : ledger.history.empty();
  chunk.bytes.set(new Uint8Array(records.buffer, records.byteOffset, records.byteLength), chunk.count * RECORD_BYTES);
  const read = ledger.read(chunk, count, queue, ledger.notBefore(given));
  for (let n = 0; n < read.groups; n++) {
    const group = ledger.group(read, n);
    ledger.endFormer(group);
    ledger.pending.add(group);
    added.push(group);
  }
}
