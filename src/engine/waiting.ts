// How many groups wait, and the oldest of them: by device, by attachment, by queue. Counted as they come and go, since
// 65,536 can be pending and a view must not go through them all.
import type { Attachment } from '../targets/target.ts';
import type { PendingGroup } from './pending.ts';

/** As the rows of a snapshot have it. */
export interface WaitingCount {
  pending: number;
  oldestNs: number | null;
}

interface Tally {
  pending: number;
  /** Number of the oldest group; 0: it is not known who that is since the one before was answered. */
  oldest: number;
  arrivedNs: number;
}

const NONE: Tally = { pending: 0, oldest: 0, arrivedNs: Number.POSITIVE_INFINITY };

function sum(tallies: Iterable<Tally>, nowNs: number): WaitingCount {
  let pending = 0;
  let firstNs = Number.POSITIVE_INFINITY;
  for (const tally of tallies) {
    pending += tally.pending;
    firstNs = Math.min(firstNs, tally.arrivedNs);
  }
  return { pending, oldestNs: pending === 0 ? null : nowNs - firstNs };
}

export class Waiting {
  /** By device, then by PASID (-1: none); only those that have any. */
  readonly #devices = new Map<number, Map<number, Tally>>();
  readonly #queues: number[] = [];
  /** Tallies whose oldest group is not known. */
  #unknown = 0;

  /** A group that is newer than all others. */
  add({ devId, pasid, queue, group, arrivedNs }: PendingGroup): void {
    this.#queues[queue] = this.queue(queue) + 1;
    let pasids = this.#devices.get(devId);
    if (!pasids) {
      pasids = new Map();
      this.#devices.set(devId, pasids);
    }
    const tally = pasids.get(pasid);
    if (tally) tally.pending++;
    else pasids.set(pasid, { pending: 1, oldest: group, arrivedNs });
  }

  delete({ devId, pasid, queue, group }: PendingGroup): void {
    this.#queues[queue] = this.queue(queue) - 1;
    const pasids = this.#devices.get(devId) as Map<number, Tally>;
    const tally = pasids.get(pasid) as Tally;
    tally.pending--;
    if (tally.oldest === group) {
      tally.oldest = 0;
      this.#unknown++;
    }
    if (tally.pending > 0) return;
    pasids.delete(pasid);
    this.#unknown--;
  }

  /** Finds the oldest of each; `groups`: all that are pending, oldest first. */
  settle(groups: Iterable<PendingGroup>): void {
    if (this.#unknown === 0) return;
    for (const { devId, pasid, group, arrivedNs } of groups) {
      const tally = this.#devices.get(devId)?.get(pasid) as Tally;
      if (tally.oldest !== 0) continue;
      tally.oldest = group;
      tally.arrivedNs = arrivedNs;
      if (--this.#unknown === 0) return;
    }
  }

  device(devId: number, nowNs: number): WaitingCount {
    return sum(this.#devices.get(devId)?.values() ?? [], nowNs);
  }

  /** Those of one attachment, `of` all of its device: a PASID that is not attached goes with the device itself. */
  attachment({ devId, pasid }: Attachment, of: readonly Attachment[], nowNs: number): WaitingCount {
    const pasids = this.#devices.get(devId);
    if (!pasids) return sum([], nowNs);
    if (pasid !== null) return sum([pasids.get(pasid) ?? NONE], nowNs);
    const attached = new Set(of.map((a) => a.pasid));
    return sum(
      [...pasids].map(([each, tally]) => (attached.has(each) ? NONE : tally)),
      nowNs,
    );
  }

  queue(queue: number): number {
    return this.#queues[queue] ?? 0;
  }
}
