// What the dialogs for the other process say about its present state.
import type { OwnerRow, Snapshot } from '../../../protocol/messages.ts';
import { rescueRisks, rescueSteps, takeRisks } from '../../../text/owner-risk.ts';
import { plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { notTaken } from '../owner/queue-words.ts';
import { hasEnded } from '../owner/state-words.ts';
import type { Dialog } from './dialog.ts';
import { type Explanation, gone } from './explanation.ts';

export function explainOwner(dialog: Dialog, { t, owner, counters: { pending } }: Snapshot): Explanation {
  const { pid, kind } = dialog;
  if (kind === 'report') return explainReport(dialog, owner, t);
  if (owner?.pid !== pid || hasEnded(owner)) {
    return gone(`PID ${pid} has ended meanwhile: its descriptors are closed, and the kernel has answered INVALID.`);
  }
  if (kind === 'stop') return explainStop(owner);
  if (!owner.queues.length) return gone(`PID ${pid} no longer has a fault queue.`);
  if (kind === 'take') return explainTake(owner);
  const after = owner.taken ? 'Its queues stay taken over.' : 'Its queues are then given back to it.';
  const held = pending ? ` ${plural(pending, 'group')} pending here ${pending === 1 ? 'is' : 'are'} answered too.` : '';
  return { lines: [`${rescueSteps(dialog.plan!)}${held} ${after}`], warnings: rescueRisks(dialog.plan!), gone: false };
}

/** Whether its queues are its own again is the present state. */
function explainReport({ pid, said, reportedAt }: Dialog, owner: OwnerRow | null, t: number): Explanation {
  if (t < reportedAt) return { lines: [...said], warnings: [], gone: false };
  const ended = owner?.pid !== pid || hasEnded(owner);
  const taken = 'Its queues stay taken over: new faults are read here until iopftop quits.';
  const now = ended
    ? `PID ${pid} has ended.`
    : owner.taken
      ? taken
      : 'Its queues are its own again: it reads new faults itself.';
  return { lines: [...said, now], warnings: [], gone: false };
}

function explainTake(owner: OwnerRow): Explanation {
  const { pid, comm } = owner;
  const queues = notTaken(owner);
  if (!queues.length) return gone(`The queues of PID ${pid} are already taken over.`);
  const which = queues.map(({ fd }) => `fd ${fd}`).join(', ');
  const what = `${plural(queues.length, 'fault queue')} of ${sanitise(comm)} (${which}): read and answered here, by you or by rules.`;
  return { lines: [what], warnings: takeRisks(pid), gone: false };
}

function explainStop({ pid, stopped }: OwnerRow): Explanation {
  if (stopped) return gone(`PID ${pid} is already stopped.`);
  return {
    lines: ['All its threads are stopped until it is resumed, which iopftop does when it quits.'],
    warnings: ['A VM in it is stopped too: its clocks and connections notice.'],
    gone: false,
  };
}
