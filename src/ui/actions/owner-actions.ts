// Actions on the other process (--pid): each asks first, except resuming it.
import type { OwnerRow } from '../../protocol/messages.ts';
import { withoutOwner } from '../model/abilities.ts';
import { notTaken } from '../model/owner/queue-words.ts';
import { hasEnded } from '../model/owner/state-words.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { show } from './make-dialogs.ts';
import { rescueDialog, stopDialog, takeDialog } from './owner-dialogs.ts';
import { say } from './say.ts';
import { sendCommand } from './send-command.ts';

/** With the process as it is now, or says why not. */
function withOwner(state: UiState, act: (owner: OwnerRow) => Outcome): Outcome {
  const owner = state.view?.snapshot.owner;
  if (!owner) return say(state, 'info', withoutOwner(state.hello));
  if (state.hello.readOnly)
    return say(state, 'error', 'This run is read-only: nothing is taken over, stopped or answered.');
  if (hasEnded(owner)) return say(state, 'error', `PID ${owner.pid} has ended: its queues are closed.`);
  return act(owner);
}

export function takeOver(state: UiState): Outcome {
  return withOwner(state, (owner) => {
    const { pid, queues } = owner;
    const left = notTaken(owner).length;
    if (queues.length && !left) return say(state, 'info', `The queues of PID ${pid} are already taken over.`);
    if (!queues.length) return say(state, 'info', `PID ${pid} has no fault queue.`);
    return show(state, takeDialog(pid, left));
  });
}

export function rescue(state: UiState): Outcome {
  return withOwner(state, ({ pid, queues }) => {
    if (!queues.length) return say(state, 'info', `PID ${pid} has no fault queue: there is nothing to rescue.`);
    return show(state, rescueDialog(pid));
  });
}

/** Or resumes it, if we have stopped it. */
export function stopOwner(state: UiState): Outcome {
  return withOwner(state, ({ pid, stopped, state: letter }) => {
    if (stopped) return sendCommand(state, { cmd: 'continue' }, `PID ${pid}`);
    if (letter === 'T')
      return say(state, 'info', `PID ${pid} is stopped, not by iopftop: \`kill -CONT ${pid}\` resumes it.`);
    if (letter === 't') return say(state, 'info', `A debugger holds PID ${pid}: only the debugger can resume it.`);
    return show(state, stopDialog(pid));
  });
}
