// The owner's own page as lines: who it is, its queues, what that means, what can be done, and all else that is known.

import type { OwnerRow, QueueRow } from '../../../protocol/messages.ts';
import { plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';
import type { UiState } from '../state.ts';
import { meaning, remedies } from './meaning.ts';
import { queueWords } from './queue-words.ts';
import { stateWords } from './state-words.ts';

export interface OwnerLine {
  text: string;
  style: Style;
}

/** Cells of what stands before the words of a line. */
const LABEL = 9;

const labelled = (label: string, text: string, width: number, style: Style = 'plain'): OwnerLine[] =>
  wrap(text, Math.max(1, width - LABEL)).map((part, i) => ({ text: (i ? '' : label).padEnd(LABEL) + part, style }));

const title = (text: string): OwnerLine[] => [
  { text: '', style: 'plain' },
  { text, style: 'title' },
];

function process(owner: OwnerRow, width: number): OwnerLine[] {
  const { pid, comm, uid, threads } = owner;
  const user = uid === null ? '' : `, uid ${uid}`;
  const size = threads > 0 ? `, ${plural(threads, 'thread')}` : '';
  const does = stateWords(owner);
  return [
    ...labelled('process', `PID ${pid}, ${sanitise(comm)}${user}${size}`, width, 'title'),
    ...labelled('state', does.text, width, does.style),
  ];
}

function queues(owner: OwnerRow, ours: readonly QueueRow[], width: number): OwnerLine[] {
  return owner.queues.flatMap((queue) => {
    const { texts, style } = queueWords(queue, owner, ours);
    const also = queue.others.length ? `; fd ${queue.others.join(', ')} is the same queue` : '';
    return labelled(`fd ${queue.fd}`, `${texts[0]}${also}`, width, style);
  });
}

function others({ command, iommufds, devices }: OwnerRow, width: number): OwnerLine[] {
  const lines = [
    ...(command ? labelled('command', sanitise(command), width) : []),
    ...(iommufds.length ? labelled(`fd ${iommufds.join(', ')}`, '/dev/iommu', width) : []),
    ...devices.flatMap(({ fd, path, address }) => {
      const name = address === null ? '' : `${sanitise(address)}  `;
      return labelled(`fd ${fd}`, `${name}${sanitise(path)}`, width);
    }),
  ];
  return lines.length ? [...title('What it runs, and what else it has open'), ...lines] : [];
}

function stack({ stack: frames }: OwnerRow): OwnerLine[] {
  if (!frames?.length) return [];
  return [
    ...title('Kernel stack of its main thread, innermost first'),
    ...frames.map((frame): OwnerLine => ({ text: `  ${sanitise(frame)}`, style: 'plain' })),
  ];
}

function unread({ unread: why }: OwnerRow, width: number): OwnerLine[] {
  if (!why.length) return [];
  return [
    ...title('What could not be read'),
    ...why.flatMap((text) =>
      wrap(sanitise(text), width - 2).map((part): OwnerLine => ({ text: `  ${part}`, style: 'warn' })),
    ),
  ];
}

function doing(owner: OwnerRow, state: Pick<UiState, 'keys' | 'hello'>, width: number): OwnerLine[] {
  const all = remedies(owner, state);
  if (!all.length) return [];
  const room = Math.max(...all.map(({ key }) => key.length)) + 2;
  const lines = all.flatMap(({ key, text }) =>
    wrap(text, Math.max(1, width - room)).map(
      (part, i): OwnerLine => ({ text: (i ? '' : key).padEnd(room) + part, style: 'accent' }),
    ),
  );
  return [...title('What can be done'), ...lines];
}

/** All of it, wrapped to `width`. */
export function pageLines(
  owner: OwnerRow,
  ours: readonly QueueRow[],
  state: Pick<UiState, 'keys' | 'hello'>,
  width: number,
): OwnerLine[] {
  const means = meaning(owner, state).flatMap((text) => wrap(text, width));
  // What could not be read comes before what it means
  const unseen = owner.queues.some(({ readable }) => readable === null);
  return [
    ...process(owner, width),
    ...title(owner.queues.length ? 'Its fault queues' : 'It has no fault queue'),
    ...queues(owner, ours, width),
    ...means.map((text): OwnerLine => ({ text, style: 'plain' })),
    ...(unseen ? unread(owner, width) : []),
    ...doing(owner, state, width),
    ...others(owner, width),
    ...stack(owner),
    ...(unseen ? [] : unread(owner, width)),
  ];
}
