// What the dialogs for the other process say, of it as it is now.
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
  if (!owner.queues.length) return gone(`PID ${pid} has no fault queue any more.`);
  if (kind === 'take') return explainTake(owner);
  const after = owner.taken ? 'Its queues stay taken over.' : 'Its queues are given back to it then.';
  const held = pending ? ` ${plural(pending, 'group')} pending here ${pending === 1 ? 'is' : 'are'} answered too.` : '';
  return { lines: [`${rescueSteps(dialog.plan!)}${held} ${after}`], warnings: rescueRisks(dialog.plan!), gone: false };
}

/** Whether its queues are its own again is as it is now. */
function explainReport({ pid, said, told }: Dialog, owner: OwnerRow | null, t: number): Explanation {
  if (t < told) return { lines: [...said], warnings: [], gone: false };
  const ended = owner?.pid !== pid || hasEnded(owner);
  const taken = 'Its queues stay taken over: what comes now is read here, until iopftop quits.';
  const now = ended
    ? `PID ${pid} has ended.`
    : owner.taken
      ? taken
      : 'Its queues are its own again: what comes now, it reads itself.';
  return { lines: [...said, now], warnings: [], gone: false };
}

function explainTake(owner: OwnerRow): Explanation {
  const { pid, comm } = owner;
  const queues = notTaken(owner);
  if (!queues.length) return gone(`The queues of PID ${pid} are taken over already.`);
  const which = queues.map(({ fd }) => `fd ${fd}`).join(', ');
  const what = `${plural(queues.length, 'fault queue')} of ${sanitise(comm)} (${which}): read and answered here, by you or by rules.`;
  return { lines: [what], warnings: takeRisks(pid), gone: false };
}

function explainStop({ pid, stopped }: OwnerRow): Explanation {
  if (stopped) return gone(`PID ${pid} is stopped already.`);
  return {
    lines: ['All its threads stand still until it is let go on, which iopftop does when it quits.'],
    warnings: ['A VM in it stands still as well: its clocks and its connections see that.'],
    gone: false,
  };
}
