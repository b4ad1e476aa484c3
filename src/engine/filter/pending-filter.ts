// Pending groups through a filter, in order of age: judged once, forgotten when they are answered. Where the age decides,
// they are judged again and again, pass after pass; one shows what the last whole pass found.
import type { PendingGroup } from '../pending.ts';
import { STATE } from '../responder.ts';
import type { EngineState } from '../state.ts';
import { GroupReader, type ReadFacts } from './group-reader.ts';
import type { Slice } from './slice.ts';

/** Nanoseconds between the beginnings of two passes, for each group: judging takes about a tenth of that. */
const PASS_NS_PER_GROUP = 10_000;

/** One way through the pending groups, and on as more arrive. */
class Pass {
  readonly beganNs: number;
  /** Numbers of the groups let through, oldest first. */
  readonly found = new Set<number>();
  /** Of the groups judged, those that are still pending. */
  judged = 0;
  #last = 0;
  /** Goes on where it stopped as long as it was not at the end: it is asked only when there is one more. */
  readonly #groups: Iterator<PendingGroup>;

  constructor(groups: Iterator<PendingGroup>, beganNs: number) {
    this.#groups = groups;
    this.beganNs = beganNs;
  }

  next(): PendingGroup {
    const group = this.#groups.next().value as PendingGroup;
    this.#last = Math.max(this.#last, group.group);
    this.judged++;
    return group;
  }

  /** Groups are pending in order of their numbers. */
  gone(group: number): void {
    if (group <= this.#last) this.judged--;
    this.found.delete(group);
  }
}

export class PendingFilter {
  readonly #state: EngineState;
  readonly #holds: (facts: ReadFacts) => boolean;
  readonly #reader: GroupReader;
  readonly #ageing: boolean;
  #pass: Pass;
  /** The pass before, until this one is through. */
  #before: Pass | null = null;
  readonly #gone = (group: number): void => {
    this.#pass.gone(group);
    this.#before?.gone(group);
  };

  /** `ageing`: what `holds` says of a group changes as time goes by. Call `close` when it is wanted no longer. */
  constructor(state: EngineState, holds: (facts: ReadFacts) => boolean, ageing: boolean) {
    this.#state = state;
    this.#holds = holds;
    this.#ageing = ageing;
    this.#reader = new GroupReader((devId) => state.deviceName(devId));
    this.#reader.stateIndex = STATE.pending;
    this.#pass = this.#begin();
    state.pending.watch(this.#gone);
  }

  close(): void {
    this.#state.pending.unwatch(this.#gone);
  }

  #begin(): Pass {
    return new Pass(this.#state.pending.values(), this.#state.nowNs());
  }

  get finished(): boolean {
    return this.#pass.judged === this.#state.pending.size;
  }

  /** Before a view: where the age decides, all are judged again, more seldom the more there are. */
  renew(): void {
    if (!this.#ageing || !this.finished) return;
    const dueNs = this.#pass.beganNs + this.#state.pending.size * PASS_NS_PER_GROUP;
    if (this.#state.nowNs() < dueNs) return;
    this.#before = this.#pass;
    this.#pass = this.#begin();
  }

  /** Goes on until all are judged or the slice is over. Returns whether any was judged. */
  work(slice: Slice): boolean {
    if (this.finished) return false;
    const nowNs = this.#state.nowNs();
    while (!this.finished && !slice.over) {
      const group = this.#pass.next();
      this.#reader.to(group, this.#state.records(group));
      this.#reader.ageMs = Math.floor((nowNs - group.arrivedNs) / 1e6);
      if (this.#holds(this.#reader)) this.#pass.found.add(group.group);
      slice.spend();
    }
    if (this.finished) this.#before = null;
    return true;
  }

  /** In groups. */
  counts(): { matched: number; scanned: number; total: number } {
    const total = this.#state.pending.size;
    return { matched: this.#shown.size, scanned: this.#before ? total : this.#pass.judged, total };
  }

  get #shown(): ReadonlySet<number> {
    return (this.#before ?? this.#pass).found;
  }

  /** Of those let through, `rows` from the `first`-th, oldest first. */
  groups(first: number, rows: number): PendingGroup[] {
    const out: PendingGroup[] = [];
    let place = 0;
    for (const number of this.#shown) {
      if (place >= first + rows) break;
      if (place++ < first) continue;
      const group = this.#state.pending.get(number);
      if (group) out.push(group);
    }
    return out;
  }
}
