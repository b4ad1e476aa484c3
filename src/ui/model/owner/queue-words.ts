// What is known about a fault queue of another process: whether groups wait in it, and whether it is read.

import type { OwnerQueueRow, OwnerRow, QueueRow } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { plural } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import { hasEnded } from './state-words.ts';

export interface QueueWords {
  /** One thing said at several lengths, the longest first: a line takes what fits. */
  texts: readonly [string, ...string[]];
  style: Style;
}

/** A queue that is readable for this long at every poll is not read, or not fast enough. */
const UNREAD_NS = 2e9;

export const isUnread = ({ queue, readableNs }: OwnerQueueRow): boolean =>
  queue === null && readableNs !== null && readableNs >= UNREAD_NS;

/** `ours`: the queues that are open here. */
export function queueWords(queue: OwnerQueueRow, owner: OwnerRow, ours: readonly QueueRow[]): QueueWords {
  if (queue.queue !== null) return takenWords(queue.queue, ours);
  if (hasEnded(owner)) return { texts: ['closed with its process'], style: 'dim' };
  const { readable, readableNs, looks, readableLooks } = queue;
  const at = `${readableLooks} of ${plural(looks, 'poll')}`;
  if (readable === null) return { texts: ['not known whether groups wait in it', 'not known'], style: 'warn' };
  if (looks === 0) return { texts: [readable ? 'POLLIN: groups wait in it' : 'empty'], style: 'plain' };
  if (isUnread(queue)) {
    const since = duration(readableNs!);
    const texts = [
      `POLLIN: readable for ${since} at ${at}: the owner is not reading it`,
      `readable for ${since} at ${at}: not being read`,
      `readable for ${since}: not being read`,
    ] as const;
    return { texts, style: 'bad' };
  }
  if (readable) return { texts: [`POLLIN: groups wait in it, at ${at}`, `POLLIN, ${at}`], style: 'warn' };
  if (!readableLooks) return { texts: [`empty at each of ${plural(looks, 'poll')}`, 'empty'], style: 'plain' };
  return {
    texts: [`empty now, readable at ${at}: the owner is reading it`, `empty now, POLLIN at ${at}`],
    style: 'good',
  };
}

function takenWords(index: number, ours: readonly QueueRow[]): QueueWords {
  const queue = ours.find((row) => row.queue === index);
  if (!queue || queue.closed) return { texts: [`taken over as queue ${index}, now closed`], style: 'dim' };
  const held = `${plural(queue.pending, 'group')} pending here`;
  const waits = queue.readable ? ', POLLIN' : '';
  return {
    texts: [`taken over: read here as queue ${index}; ${held}${waits}`, `taken over: queue ${index}, ${held}`],
    style: 'accent',
  };
}

/** Those that are not taken over: the process may have opened them after the takeover. */
export const notTaken = ({ queues }: Pick<OwnerRow, 'queues'>): OwnerQueueRow[] =>
  queues.filter(({ queue }) => queue === null);

/** Those that nobody reads first, the longest at the top. */
export const worstFirst = (queues: readonly OwnerQueueRow[]): OwnerQueueRow[] =>
  queues.toSorted((a, b) => (b.readableNs ?? -1) - (a.readableNs ?? -1));
