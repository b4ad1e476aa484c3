// Failures that no command is there to hear of: told to the journal and to whoever listens.
import type { Cause } from '../protocol/messages.ts';
import { Refusal } from '../text/refusal.ts';
import { complaint } from './complaint.ts';
import type { EngineState } from './state.ts';

/** Tells and logs an expected failure that no command is there to hear of; a bug is thrown again. */
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

/** Does what may fail in an expected way, and tells of it then. Returns whether it was done. */
export function attempt(state: EngineState, act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    tellFailure(state, error);
    return false;
  }
}

/** Tells and logs what was counted instead of being said, as far as it is due at `nowNs`; Infinity: all of it. */
export function tellCounted(state: EngineState, nowNs: number): void {
  for (const error of state.complaints.due(nowNs)) {
    state.log({ action: 'refused', result: error.message, more: error.more ?? 0 });
    state.emit({ ...error, t: state.t() });
  }
}

/** A read or write of the queue failed with this: it rests, and where it is given up now, that is told. */
export function tellGivenUp(state: EngineState, queue: number, failure: unknown): void {
  if (!state.health.failed(queue, failure, state.nowNs())) return;
  const { message } = failure as Error;
  const said = `queue ${queue} is given up, it fails again and again: ${message}`;
  const hint = 'nothing more is read of it; what waits in it the kernel answers INVALID when its attachments go';
  tellFailure(state, new Refusal('kernel', said, hint));
}
