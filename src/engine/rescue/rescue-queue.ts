// One queue of a rescue. Groups that its owner has read can be answered without having been seen, since a cookie is the
// lowest free integer (iommufd_fault_fops_read: xa_alloc() from 1): outstanding cookies are never above the most that
// were ever outstanding at once, and a response to a cookie that is not outstanding is refused with EINVAL, changing nothing.
import { type FaultQueue, RESPONSE_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer, Cause, RescuedQueue } from '../../protocol/messages.ts';
import { answerGroups, CODE } from '../answers/responder.ts';
import { complaint } from '../complaint.ts';
import { intakeOrThrow } from '../intake/intake.ts';
import type { EngineState } from '../state.ts';

/** Responses in one write; it ends at the first cookie that is not outstanding. */
const BATCH = 64;
/** Cookies tried in one slice: about 10 ms. */
const SLICE = 1_024;
/** A device that faults again at once, whatever the answer, must not keep us here for ever. */
const MAX_ROUNDS = 64;

export interface QueueOrder {
  readonly code: Answer;
  readonly cause: Cause;
  /** Cookies to try beyond the last one known. */
  readonly scan: number;
}

export const emptyResult = ({ fd, queue }: { fd: number; queue: number }): RescuedQueue => ({
  fd,
  queue,
  drained: 0,
  held: 0,
  unseen: 0,
  scanned: 0,
  error: null,
});

/** Fills in `result`, even if it fails halfway: `error` then says why. */
export function* rescueQueue(state: EngineState, result: RescuedQueue, order: QueueOrder): Generator<void, void> {
  const fault = state.source.queues[result.queue] as FaultQueue;
  const held = (): ReturnType<typeof state.ledger.pending.where> =>
    state.ledger.pending.where((group) => group.queue === result.queue);
  try {
    result.held = held().length;
    let peak = held().reduce((most, { cookie }) => Math.max(most, cookie), 0);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      yield* drain(state, result);
      const groups = held();
      peak = groups.reduce((most, { cookie }) => Math.max(most, cookie), peak);
      // Our own groups are answered first: what is then outstanding is not ours. Nothing is read until all has been tried.
      answerGroups(state, groups, order.code, order.cause);
      if (result.scanned === 0) yield* answerUnseen(state, fault, result, order, peak);
      if (fault.closed || !fault.readable()) break;
    }
    if (fault.closed)
      result.error = 'the process ended or closed the queue meanwhile: the kernel answers the remaining groups';
    else if (fault.readable()) result.error = 'the device keeps faulting as fast as it is answered';
  } catch (error) {
    result.error = complaint(error, state.t(), null).message;
  }
}

/** Reads until nothing waits, within bounds. */
function* drain(state: EngineState, result: RescuedQueue): Generator<void, void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = state.ledger.totals.groups;
    const records = intakeOrThrow(state, result.queue);
    result.drained += state.ledger.totals.groups - before;
    if (records === 0) return;
    yield;
  }
}

/** Answers what is outstanding from cookie 1 to `order.scan` beyond the last one known. */
function* answerUnseen(
  state: EngineState,
  fault: FaultQueue,
  result: RescuedQueue,
  { code, scan }: QueueOrder,
  peak: number,
): Generator<void, void> {
  let last = peak;
  // Cookie 0 is never written: the refused response would free it for a group of its own (xa_erase of a reserved entry).
  for (let next = 1; next <= last + scan && !fault.closed; ) {
    const count = Math.min(BATCH, last + scan - next + 1);
    const taken = tryCookies(fault, next, count, CODE[code]);
    next += count;
    result.scanned = next - 1;
    if (taken.count > 0) {
      last = Math.max(last, taken.last);
      result.unseen += taken.count;
      state.ledger.answeredUnseen(taken.count);
      state.version++;
    }
    if (result.scanned % SLICE === 0) yield;
  }
}

/** How many of the cookies from `first` named a group, and the last that did. */
function tryCookies(fault: FaultQueue, first: number, count: number, code: number): { count: number; last: number } {
  const words = new Uint32Array(count * 2);
  for (let i = 0; i < count; i++) {
    words[i * 2] = first + i;
    words[i * 2 + 1] = code;
  }
  const bytes = new Uint8Array(words.buffer);
  const taken = { count: 0, last: 0 };
  for (let done = 0; done < count; done++) {
    const accepted = fault.respond(bytes.subarray(done * RESPONSE_BYTES), count - done);
    done += accepted;
    taken.count += accepted;
    if (accepted > 0) taken.last = first + done - 1;
  }
  return taken;
}
