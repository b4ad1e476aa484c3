// Groups that were read and not answered. Keyed by their own number: cookies are reused as soon as a group is answered.
import type { Cookie } from '../../uapi/ids.ts';
import { DueQueue } from './due-queue.ts';
import type { PendingGroup } from './group.ts';
import { Waiting } from './waiting.ts';

const cookieKey = (queue: number, cookie: Cookie): number => queue * 2 ** 32 + cookie;

/** Groups that are pending no longer stay in the queue of those that are due until they are more than the others, and so many. */
const STALE = 1_024;

export class Pending {
  readonly #groups = new Map<number, PendingGroup>();
  /** Numbers by queue and cookie. */
  readonly #byCookie = new Map<number, number>();
  readonly #due = new DueQueue<PendingGroup>();
  readonly #waiting = new Waiting();
  /** Who keeps a list of some of them, and wants to know which are pending no longer. */
  readonly #watchers = new Set<(group: number) => void>();
  #nextDueNs = Number.POSITIVE_INFINITY;

  get size(): number {
    return this.#groups.size;
  }

  /** When the first rule that waits is due, Infinity when none waits. May be earlier than it is, never later. */
  get nextDueNs(): number {
    return this.#nextDueNs;
  }

  /** Groups kept for the time that they are due; some of them may be pending no longer. */
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
    this.#byCookie.set(cookieKey(group.queue, group.cookie), group.group);
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

  /** The group of this queue that is outstanding under the cookie, as far as is known. */
  holder(queue: number, cookie: Cookie): PendingGroup | undefined {
    return this.#groups.get(this.#byCookie.get(cookieKey(queue, cookie)) ?? 0);
  }

  get(group: number): PendingGroup | undefined {
    return this.#groups.get(group);
  }

  delete(number: number): void {
    const group = this.#groups.get(number);
    if (!group) return;
    this.#groups.delete(number);
    const key = cookieKey(group.queue, group.cookie);
    if (this.#byCookie.get(key) === number) this.#byCookie.delete(key);
    this.#waiting.delete(group);
    for (const gone of this.#watchers) gone(number);
  }

  /** Calls `gone` with the number of each group that is pending no longer, until `unwatch`. */
  watch(gone: (group: number) => void): void {
    this.#watchers.add(gone);
  }

  unwatch(gone: (group: number) => void): void {
    this.#watchers.delete(gone);
  }

  /** The oldest group. */
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

  /** Takes notice that a new rule list decides: `redo` gives each group its new rule and due time. */
  redo(change: (group: PendingGroup) => PendingGroup): void {
    this.#nextDueNs = Number.POSITIVE_INFINITY;
    this.#due.clear();
    for (const group of this.#groups.values()) this.replace(change(group));
  }

  /** The groups whose rule is due at `nowNs`, oldest first; each is told once. */
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

  /** Before the records up to `lastSeq` are given up: `save` copies those of groups that still need them. */
  saveUpTo(lastSeq: number, save: (group: PendingGroup) => Uint32Array): void {
    for (const group of this.#groups.values()) {
      if (group.seq > lastSeq) return;
      group.saved ??= save(group);
    }
  }
}
