// Groups that were read and not answered. Keyed by their own number: cookies are reused as soon as a group is answered.
import type { Cookie, Grpid } from '../../uapi/ids.ts';
import { DueQueue } from './due-queue.ts';
import type { PendingGroup } from './group.ts';
import { Waiting } from './waiting.ts';

/** The queue of a group that was seen and not read: it has no cookie. */
export const NO_QUEUE = 0xffff;

type Named = Pick<PendingGroup, 'queue' | 'cookie' | 'devId' | 'pasid' | 'grpid'>;

/** The name of a group while it is outstanding: its queue and cookie; without a cookie, the device's name for it. */
const nameOf = ({ queue, cookie, devId, pasid, grpid }: Named): number | string =>
  queue === NO_QUEUE ? `${devId}/${pasid}/${grpid}` : queue * 2 ** 32 + cookie;

/** Plain data. Groups of one rule and of one attachment share it, as an object. */
export interface PendingData {
  groups: PendingGroup[];
  names: Map<number | string, number>;
  /** Numbers of those that are reported when they are due. */
  due: number[];
  nextDueNs: number;
}

/** Groups that are no longer pending stay in the due queue until they outnumber the others, and this many. */
const STALE = 1_024;

export class Pending {
  readonly #groups = new Map<number, PendingGroup>();
  /** Numbers by name. */
  readonly #byName = new Map<number | string, number>();
  readonly #due = new DueQueue<PendingGroup>();
  readonly #waiting = new Waiting();
  /** Watchers that keep a list of some groups and need to know which are no longer pending. */
  readonly #watchers = new Set<(group: number) => void>();
  #nextDueNs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#groups.size;
  }

  /** When the first rule that waits is due, Infinity when none waits. May be earlier than it is, never later. */
  get nextDueNs(): number {
    return this.#nextDueNs;
  }

  /** Groups kept until they are due; some of them may no longer be pending. */
  get waitingForTime(): number {
    return this.#due.size;
  }

  /** Whose groups they are. */
  get waiting(): Waiting {
    this.#waiting.settle(this.#groups.values());
    return this.#waiting;
  }

  /** A group that was just read. */
  add(group: PendingGroup): void {
    this.#waiting.add(group);
    this.#byName.set(nameOf(group), group.group);
    this.replace(group);
  }

  /** The same group with another rule or due time. */
  replace(group: PendingGroup): void {
    this.#groups.set(group.group, group);
    if (!Number.isFinite(group.dueNs)) return;
    if (this.#due.size > 2 * this.#groups.size + STALE) this.#queueAgain();
    else this.#due.push(group);
    if (group.dueNs < this.#nextDueNs) this.#nextDueNs = group.dueNs;
  }

  #queueAgain(): void {
    this.#due.clear();
    for (const group of this.#groups.values()) if (Number.isFinite(group.dueNs)) this.#due.push(group);
  }

  /** The outstanding group with this cookie in this queue, as far as known. */
  holder(queue: number, cookie: Cookie): PendingGroup | undefined {
    return this.#groups.get(this.#byName.get(queue * 2 ** 32 + cookie) ?? 0);
  }

  /** The one with the name of this group: its queue and cookie, or if it was seen and not read, the device's name for it. */
  outstanding(of: Named): PendingGroup | undefined {
    return this.#groups.get(this.#byName.get(nameOf(of)) ?? 0);
  }

  /** A group that was seen, by the device's name for it; `pasid` -1: none. */
  seen(devId: number, pasid: number, grpid: Grpid): PendingGroup | undefined {
    return this.outstanding({ queue: NO_QUEUE, cookie: 0 as Cookie, devId, pasid, grpid });
  }

  get(group: number): PendingGroup | undefined {
    return this.#groups.get(group);
  }

  delete(number: number): void {
    const group = this.#groups.get(number);
    if (!group) return;
    this.#groups.delete(number);
    const name = nameOf(group);
    if (this.#byName.get(name) === number) this.#byName.delete(name);
    this.#waiting.delete(group);
    for (const gone of this.#watchers) gone(number);
  }

  /** Calls `gone` with the number of each group that is no longer pending, until `unwatch`. */
  watch(gone: (group: number) => void): void {
    this.#watchers.add(gone);
  }

  unwatch(gone: (group: number) => void): void {
    this.#watchers.delete(gone);
  }

  /** The oldest group: the one that arrived first. "Oldest" means this everywhere. */
  get oldest(): PendingGroup | undefined {
    return this.#groups.values().next().value;
  }

  /** All, oldest first. */
  values(): IterableIterator<PendingGroup> {
    return this.#groups.values();
  }

  where(matches: (group: PendingGroup) => boolean): PendingGroup[] {
    const found: PendingGroup[] = [];
    for (const group of this.#groups.values()) if (matches(group)) found.push(group);
    return found;
  }

  /** A new rule list decides: `redo` gives each group its new rule and due time. */
  redo(change: (group: PendingGroup) => PendingGroup): void {
    this.#nextDueNs = Number.POSITIVE_INFINITY;
    this.#due.clear();
    for (const group of this.#groups.values()) this.replace(change(group));
  }

  /** The groups whose rule is due at `nowNs`, oldest first; each is returned once. */
  due(nowNs: number): PendingGroup[] {
    if (nowNs < this.#nextDueNs) return [];
    const due: PendingGroup[] = [];
    let next = this.#due.first;
    for (; next && (next.dueNs <= nowNs || !this.#holds(next)); next = this.#due.first) {
      if (this.#holds(next)) due.push(next);
      this.#due.shift();
    }
    this.#nextDueNs = next?.dueNs ?? Number.POSITIVE_INFINITY;
    return due.sort((a, b) => a.group - b.group);
  }

  /** Is it pending, and was it not replaced? */
  #holds(group: PendingGroup): boolean {
    return this.#groups.get(group.group) === group;
  }

  /** Before the records up to `lastSeq` are dropped: `save` copies those of groups that still need them. */
  saveUpTo(lastSeq: number, save: (group: PendingGroup) => Uint32Array): void {
    for (const group of this.#groups.values()) {
      if (group.seq > lastSeq) return;
      group.saved ??= save(group);
    }
  }

  /** `plain`: the group without foreign objects. */
  snapshot(plain: (group: PendingGroup) => PendingGroup): PendingData {
    return {
      groups: Array.from(this.#groups.values(), plain),
      names: new Map(this.#byName),
      due: [...new Set(this.#due.entries.filter((group) => this.#holds(group)).map(({ group }) => group))].sort(
        (a, b) => a - b,
      ),
      nextDueNs: this.#nextDueNs,
    };
  }

  /** Into one that has no groups. */
  restore({ groups, names, due, nextDueNs }: PendingData): void {
    for (const group of groups) {
      this.#groups.set(group.group, group);
      this.#waiting.add(group);
    }
    for (const [name, group] of names) this.#byName.set(name, group);
    for (const group of due) this.#due.push(this.#groups.get(group) as PendingGroup);
    this.#nextDueNs = nextDueNs;
  }
}
