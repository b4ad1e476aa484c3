// How many groups wait, and the oldest of them: by device, by attachment, by queue. Counted as they come and go, since 65,536
// can be pending and a view must not scan them all.
import type { Attachment } from '../../sources/source.ts';
import type { PendingGroup } from './group.ts';

/** As the rows of a snapshot have it. */
export interface WaitingCount {
  pending: number;
  oldestNs: number | null;
}

interface Tally {
  pending: number;
  /** Number of the oldest group; 0: not known since the previous one was answered. */
  oldest: number;
  arrivedNs: number;
}

/** The age of the oldest: the one that arrived first. null: there is none. */
export function oldestAge(of: Iterable<{ readonly arrivedNs: number }>, nowNs: number): number | null {
  let firstNs = Number.POSITIVE_INFINITY;
  for (const { arrivedNs } of of) firstNs = Math.min(firstNs, arrivedNs);
  return firstNs === Number.POSITIVE_INFINITY ? null : nowNs - firstNs;
}

function sum(tallies: readonly Tally[], nowNs: number): WaitingCount {
  return { pending: tallies.reduce((all, { pending }) => all + pending, 0), oldestNs: oldestAge(tallies, nowNs) };
}

export class Waiting {
  /** By device and by attachment; only those that have any. */
  readonly #devices = new Map<number, Map<Attachment | undefined, Tally>>();
  readonly #queues = new Map<number, number>();
  /** Tallies whose oldest group is not known. */
  #unknown = 0;

  /** A group that is newer than all others. */
  add({ devId, through, queue, group, arrivedNs }: PendingGroup): void {
    this.#queues.set(queue, this.queue(queue) + 1);
    let tallies = this.#devices.get(devId);
    if (!tallies) {
      tallies = new Map();
      this.#devices.set(devId, tallies);
    }
    const tally = tallies.get(through);
    if (tally) tally.pending++;
    else tallies.set(through, { pending: 1, oldest: group, arrivedNs });
  }

  delete({ devId, through, queue, group }: PendingGroup): void {
    this.#queues.set(queue, this.queue(queue) - 1);
    const tallies = this.#devices.get(devId) as Map<Attachment | undefined, Tally>;
    const tally = tallies.get(through) as Tally;
    tally.pending--;
    if (tally.oldest === group) {
      tally.oldest = 0;
      this.#unknown++;
    }
    if (tally.pending > 0) return;
    tallies.delete(through);
    this.#unknown--;
  }

  /** Finds the oldest of each; `groups`: all that are pending, oldest first. */
  settle(groups: Iterable<PendingGroup>): void {
    if (this.#unknown === 0) return;
    for (const { devId, through, group, arrivedNs } of groups) {
      const tally = this.#devices.get(devId)?.get(through) as Tally;
      if (tally.oldest !== 0) continue;
      tally.oldest = group;
      tally.arrivedNs = arrivedNs;
      if (--this.#unknown === 0) return;
    }
  }

  device(devId: number, nowNs: number): WaitingCount {
    return sum([...(this.#devices.get(devId)?.values() ?? [])], nowNs);
  }

  attachment(attachment: Attachment, nowNs: number): WaitingCount {
    const tally = this.#devices.get(attachment.devId)?.get(attachment);
    return sum(tally ? [tally] : [], nowNs);
  }

  queue(queue: number): number {
    return this.#queues.get(queue) ?? 0;
  }
}
