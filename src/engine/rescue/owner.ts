// Taking over, stopping and continuing another process, each told in words and written down.

import type { Cause } from '../../protocol/messages.ts';
import type { ProcessControl } from '../../sources/target.ts';
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';
import { tellNotice } from '../notice.ts';
import type { EngineState } from '../state.ts';

/** Returns the indices of the queues that were not taken before. */
export function takeOver(state: EngineState, process: ProcessControl, cause: Cause): number[] {
  const queues = process.take();
  for (const { queue, fd } of queues) {
    const text = `queue ${queue} is descriptor ${fd} of PID ${process.pid}: what is read from it now, that process never sees`;
    tellNotice(state, { what: 'taken', text, pid: process.pid, queue }, { cause });
  }
  return queues.map(({ queue }) => queue);
}

/** False: it stood still already. */
export function stopOwner(state: EngineState, process: ProcessControl, cause: Cause): boolean {
  if (!process.stop()) return false;
  tellNotice(state, { what: 'stopped', text: `PID ${process.pid} is stopped (SIGSTOP)`, pid: process.pid }, { cause });
  return true;
}

/** False: it had ended by then, or was not stopped by us. */
export function resumeOwner(state: EngineState, process: ProcessControl, cause: Cause): boolean {
  if (!process.stopped) return false;
  try {
    process.resume();
  } catch (error) {
    if (!(error instanceof Refusal && error.kind === 'gone')) state.emit(complaint(error, state.t(), null));
    return false;
  }
  tellNotice(state, { what: 'continued', text: `PID ${process.pid} goes on (SIGCONT)`, pid: process.pid }, { cause });
  return true;
}
