import { Refusal } from '../../text/refusal.ts';
import { tellFailure } from '../complaints.ts';
import type { EngineState } from '../state.ts';

/** A read or write of the queue failed with this: it rests, and where it is given up now, that is told. */
export function tellGivenUp(state: EngineState, queue: number, failure: unknown): void {
  if (!state.health.failed(queue, failure, state.nowNs())) return;
  const { message } = failure as Error;
  const said = `queue ${queue} is given up, it fails again and again: ${message}`;
  const hint = 'nothing more is read of it; what waits in it the kernel answers INVALID when its attachments go';
  tellFailure(state, new Refusal('kernel', said, hint));
}
