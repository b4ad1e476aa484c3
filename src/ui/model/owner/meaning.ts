// What the state of the owner and of its queues means, and what can be done, for somebody whose VMM hangs.
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
      'Its descriptors are closed with it: the kernel has answered INVALID to all that was outstanding. Nothing is left to do here.',
    ];
  }
  return [...ofState(owner), ...ofQueues(owner, state)];
}

function ofState(owner: OwnerRow): string[] {
  const { pid, stopped, goesOnAtEnd, state } = owner;
  if (goesOnAtEnd) return ['It is stopped by iopftop, and goes on when iopftop quits.'];
  if (stopped)
    return [`It was left stopped by a rescue, also when iopftop quits; \`kill -CONT ${pid}\` lets it go on.`];
  if (state === 'T') return [`Somebody has stopped it: it neither reads nor answers until \`kill -CONT ${pid}\`.`];
  if (state === 't') return ['A debugger holds it: it neither reads nor answers until that lets it go on.'];
  if (state === 'D') return ['It waits for something in the kernel, and cannot even be killed until that comes.'];
  return [];
}

function ofQueues(owner: OwnerRow, state: Pick<UiState, 'keys'>): string[] {
  const { queues, taken } = owner;
  if (!queues.length)
    return ['It has no fault queue: faults of its devices go to somebody else, or are answered INVALID unseen.'];
  if (taken) {
    const also = standsStill(owner) ? '' : ' It runs, and may read as well.';
    return [`Its queues are read and answered here; what is read here it never sees.${also}`];
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
    return ['Groups wait in its queues; whether it reads them the next looks show.'];
  const rescue = keyFor(state, 'rescue');
  return [
    `Nothing waits unread. If a device stands still, its groups were read and never answered: ${rescue} answers them.`,
  ];
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
    text: 'rescue: answers INVALID to all that waits and to all that it has read and never answered, so that its devices go on',
  };
  const stop: KeyHint = {
    key: keyFor(state, 'stopOwner'),
    text: stopped ? 'lets it go on' : 'stops it (SIGSTOP), and lets it go on again',
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
  const halt = `${stop} ${owner.stopped ? 'lets it go on' : 'stops it'}`;
  return [
    `${over}${free}${halt}, ${more} tells all that is known`,
    `${over}${free}${halt}`,
    `${over}${free}${more} more`.replace(/, $/, ''),
  ];
}
