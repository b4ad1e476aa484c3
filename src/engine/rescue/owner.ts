// Taking over, stopping and resuming another process, each reported and journaled.

import type { Cause } from '../../protocol/messages.ts';
import type { OwnerControl } from '../../sources/source.ts';
import { takenText } from '../../text/owner-risk.ts';
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';
import { tellNotice } from '../notice.ts';
import type { EngineState } from '../state.ts';

/** Returns the indices of the queues that were not taken before. */
export function takeOver(state: EngineState, owner: OwnerControl, cause: Cause): number[] {
  const queues = owner.take();
  for (const { queue, fd } of queues) {
    const text = takenText(queue, fd, owner.pid);
    tellNotice(state, { what: 'taken', text, pid: owner.pid, queue }, { cause });
  }
  return queues.map(({ queue }) => queue);
}

/** False: it was already stopped. */
export function stopOwner(state: EngineState, owner: OwnerControl, cause: Cause): boolean {
  if (!owner.stop()) return false;
  tellNotice(state, { what: 'stopped', text: `PID ${owner.pid} stopped (SIGSTOP)`, pid: owner.pid }, { cause });
  return true;
}

/** False: it had ended meanwhile, or was not stopped by us. */
export function resumeOwner(state: EngineState, owner: OwnerControl, cause: Cause): boolean {
  if (!owner.stopped) return false;
  try {
    owner.resume();
  } catch (error) {
    if (!(error instanceof Refusal && error.kind === 'gone')) state.emit(complaint(error, state.t(), null));
    return false;
  }
  tellNotice(state, { what: 'continued', text: `PID ${owner.pid} resumed (SIGCONT)`, pid: owner.pid }, { cause });
  return true;
}
