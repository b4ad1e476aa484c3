// What the state of the owner and of its queues means, and what can be done, for a user whose VMM hangs.
import type { OwnerRow } from '../../../protocol/messages.ts';
import { plural } from '../../text/format.ts';
import { keyFor } from '../key-words.ts';
import type { UiState } from '../state.ts';
import { isUnread, notTaken } from './queue-words.ts';
import { hasEnded, standsStill } from './state-words.ts';

const are = (n: number): string => (n === 1 ? 'is' : 'are');

/** Sentences, the most important first. */
export function meaning(owner: OwnerRow, state: Pick<UiState, 'keys'>): string[] {
  if (hasEnded(owner)) {
    return [
      'Its descriptors are closed with it: the kernel has answered everything outstanding INVALID. Nothing is left to do here.',
    ];
  }
  return [...ofState(owner), ...ofQueues(owner, state)];
}

function ofState(owner: OwnerRow): string[] {
  const { pid, stopped, goesOnAtEnd, state } = owner;
  if (goesOnAtEnd) return ['It is stopped by iopftop, and is resumed when iopftop quits.'];
  if (stopped) return [`A rescue left it stopped; it stays so when iopftop quits. \`kill -CONT ${pid}\` resumes it.`];
  if (state === 'T') return [`Somebody has stopped it: it neither reads nor answers until \`kill -CONT ${pid}\`.`];
  if (state === 't') return ['A debugger holds it: it neither reads nor answers until the debugger resumes it.'];
  if (state === 'D') return ['It waits for something in the kernel, and cannot even be killed until it gets that.'];
  return [];
}

function ofQueues(owner: OwnerRow, state: Pick<UiState, 'keys'>): string[] {
  const { queues, taken } = owner;
  if (!queues.length)
    return ["It has no fault queue: its devices' faults go to another process, or are answered INVALID unseen."];
  if (taken) {
    const also = standsStill(owner) ? '' : ' It is running, and may read too.';
    return [`Its queues are read and answered here; it never sees what is read here.${also}`];
  }
  const unread = queues.filter(isUnread).length;
  if (unread) {
    const which = queues.length === 1 ? 'Its queue' : `${unread} of its ${queues.length} queues`;
    return [`${which} ${are(unread)} not read: devices wait for answers.`];
  }
  if (queues.every(({ readable }) => readable === null)) {
    return ['Whether groups wait cannot be seen without ptrace rights over it (root, CAP_SYS_PTRACE).'];
  }
  if (queues.some(({ readable }) => readable))
    return ['Groups wait in its queues; the next polls show whether it reads them.'];
  const rescue = keyFor(state, 'rescue');
  return [`Nothing waits unread. If a device hangs, its groups were read and never answered: ${rescue} answers them.`];
}

export interface KeyHint {
  key: string;
  text: string;
}

/** What the keys do about it; [] where nothing can be done. */
export function remedies(owner: OwnerRow, state: Pick<UiState, 'keys' | 'hello'>): KeyHint[] {
  if (hasEnded(owner) || state.hello.readOnly) return [];
  const { pid, stopped, queues } = owner;
  const left = notTaken(owner).length;
  const take: KeyHint = {
    key: keyFor(state, 'take'),
    text: `takes ${plural(left, 'queue')} over: read and answered here by hand or by rules; PID ${pid} never sees what was read`,
  };
  const rescue: KeyHint = {
    key: keyFor(state, 'rescue'),
    text: 'rescue: answers INVALID to all groups that wait and all that it has read and never answered, so that its devices resume',
  };
  const stop: KeyHint = {
    key: keyFor(state, 'stopOwner'),
    text: stopped ? 'resumes it' : 'stops it (SIGSTOP), and resumes it',
  };
  return [...(left ? [take] : []), ...(queues.length ? [rescue] : []), stop];
}

/** The same in one line, the longest first; '' where nothing can be done. */
export function remedyLine(owner: OwnerRow, state: Pick<UiState, 'keys' | 'hello'>): string[] {
  if (hasEnded(owner)) return ['its descriptors are closed with it; nothing is left to do here'];
  if (state.hello.readOnly) return ['read-only: nothing is taken over or stopped'];
  const [take, rescue, stop, more] = (['take', 'rescue', 'stopOwner', 'owner'] as const).map((id) => keyFor(state, id));
  const over = notTaken(owner).length === 0 ? '' : `${take} takes the queues over, `;
  const free = owner.queues.length ? `${rescue} frees the devices, ` : '';
  const halt = `${stop} ${owner.stopped ? 'resumes it' : 'stops it'}`;
  return [
    `${over}${free}${halt}, ${more} shows all that is known`,
    `${over}${free}${halt}`,
    `${over}${free}${more} more`.replace(/, $/, ''),
  ];
}
