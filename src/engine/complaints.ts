// Failures outside of any command: reported to the journal and to all listeners.
import type { Cause } from '../protocol/messages.ts';
import { Refusal } from '../text/refusal.ts';
import { complaint } from './complaint.ts';
import type { EngineState } from './state.ts';

/** Reports and logs an expected failure outside of any command; a bug is thrown again. */
export function tellFailure(
  state: EngineState,
  thrown: unknown,
  about: { cause?: Cause; rule?: string | null; groups?: string } = {},
): void {
  const said = complaint(thrown, state.t(), null);
  state.ledger.totals.refused++;
  if (!state.complaints.admit(said, state.nowNs())) return;
  state.log({ action: 'refused', ...about, result: said.message, more: said.more });
  state.emit(said);
}

/** Does what may fail in an expected way, and reports the failure. Returns whether it was done. */
export function attempt(state: EngineState, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    tellFailure(state, error);
    return false;
  }
}

/** Reports and logs what was only counted, as far as it is due at `nowNs`; Infinity: all of it. */
export function tellCounted(state: EngineState, nowNs: number): void {
  for (const error of state.complaints.due(nowNs)) {
    state.log({ action: 'refused', result: error.message, more: error.more ?? 0 });
    state.emit({ ...error, t: state.t() });
  }
}

/** A read or write of the queue failed with this: the queue rests; if iopftop gives up on it now, that is reported. */
export function tellGivenUp(state: EngineState, queue: number, failure: unknown): void {
  if (!state.health.failed(queue, failure, state.nowNs())) return;
  const { message } = failure as Error;
  const said = `giving up on queue ${queue} after repeated failures: ${message}`;
  const hint = 'it is no longer read; the kernel answers INVALID to groups left in it when their attachments go';
  tellFailure(state, new Refusal('kernel', said, hint));
}
