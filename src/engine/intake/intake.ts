// Intake: read() of the fault queues, into the history.
import { IommufdError } from '../../iommufd/error.ts';
import { type FaultQueue, RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import { attempt, tellFailure, tellGivenUp } from '../complaints.ts';
import { CHUNK_RECORDS } from '../ledger/chunk.ts';
import { History } from '../ledger/history.ts';
import type { EngineState } from '../state.ts';
import { passes } from './queue-health.ts';
import { takeIn } from './take-in.ts';

/** Reads of one queue per step, so that other queues and the front end get their turn. */
const READS_PER_STEP = 64;

/** Rounds of READS_PER_STEP to empty a queue; a device that faults as fast as we read would keep us here for ever. */
const MOST_ROUNDS = 256;

/** A group that no read can take. The kernel gives it to nobody, and answers it when its attachment goes. */
class OverlongGroup extends Refusal {
  constructor(id: number) {
    super(
      'kernel',
      `fault object ${id}: a group of more than ${CHUNK_RECORDS} faults waits and cannot be read; groups behind it wait too`,
      'detach its device or replace the HWPT: the kernel then answers the group INVALID',
    );
  }
}

/**
 * Reads the queue until it is empty (or for READS_PER_STEP reads); returns the records read. A failure is reported, and the
 * queue rests.
 */
export function intake(state: EngineState, queue: number): number {
  let records = 0;
  attempt(state, () => {
    records = intakeOrThrow(state, queue);
  });
  return records;
}

/**
 * The same for a queue that poll(2) called ready: if that happens repeatedly and it has nothing, it rests. Linux 6.11
 * does that for a group that does not fit the read.
 */
export function intakeReady(state: EngineState, queue: number): number {
  if (state.groupsLeft === 0) return 0;
  let records = 0;
  const read = attempt(state, () => {
    records = intakeOrThrow(state, queue);
  });
  if (!read || records > 0) return records;
  if (state.health.inVain(queue, state.nowNs()) === 1) return 0;
  attempt(state, () => void readWide(state, queue));
  return 0;
}

/**
 * Throws the failure, and the queue rests. What was read before the failure counts first: the next call meets it again.
 * `beyond`: also what --count does not ask for, in reads of its own.
 */
export function intakeOrThrow(state: EngineState, queue: number, beyond = false): number {
  const fault = state.source.queues[queue];
  if (!fault) return 0;
  let records = 0;
  try {
    for (let reads = 0; reads < READS_PER_STEP; reads++) {
      const left = state.groupsLeft;
      if (left === 0 && !beyond) break;
      const chunk = state.ledger.history.tail();
      const count = readGroups(fault, History.place(chunk), left === 0 ? Number.POSITIVE_INFINITY : left);
      if (count === 0) break;
      if (count < 0) {
        const wide = readWide(state, queue);
        if (wide === 0) throw new OverlongGroup(fault.id);
        records += wide;
        continue;
      }
      takeIn(state, { queue, chunk, count });
      records += count;
    }
  } catch (error) {
    if (error instanceof OverlongGroup) state.health.stuck(queue, state.nowNs());
    else if (isExpected(error)) tellGivenUp(state, queue, error);
    else throw error;
    if (records === 0) throw error;
  }
  if (records > 0) state.health.well(queue);
  return records;
}

/**
 * The same, for at most `most` groups: that many records hold no more. A group that does not fit is read with one record more
 * each time, so that it comes alone.
 */
function readGroups(fault: FaultQueue, place: Uint8Array, most: number): number {
  for (let bytes = most * RECORD_BYTES; bytes < place.byteLength; bytes += RECORD_BYTES) {
    const count = read(fault, place.subarray(0, bytes));
    if (count >= 0) return count;
  }
  return read(fault, place);
}

/** The records read; -1: the first group does not fit. A transient failure is retried once, immediately. */
function read(fault: FaultQueue, place: Uint8Array): number {
  for (let retried = false; ; retried = true) {
    try {
      return fault.read(place) / RECORD_BYTES;
    } catch (error) {
      if (error instanceof IommufdError && error.errno === Errno.EINVAL) return -1;
      if (retried || !passes(error)) throw error;
    }
  }
}

/** Reads groups longer than an ordinary read takes. Returns the records; 0: there is nothing, or it does not fit either. */
function readWide(state: EngineState, queue: number): number {
  const fault = state.source.queues[queue];
  if (!fault) return 0;
  const chunk = state.ledger.history.empty();
  const count = Math.max(0, read(fault, chunk.bytes));
  if (count > 0) takeIn(state, { queue, chunk, count });
  return count;
}

/**
 * Reads all queues until they are empty, so that no waiting group is lost unseen when attachments go. Throws the first
 * failure, after every queue had its turn. A queue that iopftop gave up on is tried once more; neither its failure nor a group
 * that cannot be read is a reason to keep an attachment.
 */
export function intakeAll(state: EngineState): void {
  let failure: unknown = null;
  state.source.queues.forEach((fault, queue) => {
    try {
      let rounds = 0;
      while (rounds < MOST_ROUNDS && intakeOrThrow(state, queue, true) > 0) rounds++;
      if (rounds === MOST_ROUNDS) tellFailure(state, unread(fault.id));
    } catch (error) {
      if (error instanceof OverlongGroup || state.health.givenUp(queue)) tellFailure(state, error);
      else failure ??= error;
    }
  });
  if (failure !== null) throw failure;
}

const unread = (id: number): Refusal =>
  new Refusal(
    'kernel',
    `fault object ${id}: its devices fault as fast as iopftop reads; not every waiting group was seen`,
  );
