// Pending groups through a filter, in order of age: judged once, forgotten when they are answered. If the age matters, they
// are judged repeatedly, pass after pass; the result is that of the last whole pass.
import type { FilterReport } from '../../protocol/messages.ts';
import { type PendingGroup, STATE } from '../ledger/group.ts';
import { brokenRows, type Judgement } from '../rules/expression.ts';
import type { EngineState } from '../state.ts';
import { GroupReader, type ReadFacts } from './group-reader.ts';
import type { Slice } from './slice.ts';

/** Nanoseconds between the starts of two passes, per group: judging takes about a tenth of that. */
const PASS_NS_PER_GROUP = 10_000;

/** One pass through the pending groups, continued as more arrive. */
class Pass {
  readonly beganNs: number;
  /** Numbers of the groups let through, oldest first. */
  readonly found = new Set<number>();
  /** Those for which it could not be evaluated. */
  readonly broken = new Set<number>();
  /** Why, for the last of them. */
  why = '';
  /** Of the groups judged, those that are still pending. */
  judged = 0;
  #last = 0;
  /** Continues where it stopped, unless it was at the end: called only if there is one more. */
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
    this.broken.delete(group);
  }

  take(group: number, { holds, error }: Judgement): void {
    if (holds) this.found.add(group);
    if (error === null) return;
    this.broken.add(group);
    this.why = error;
  }
}

export class PendingFilter {
  readonly #state: EngineState;
  readonly #judge: (facts: ReadFacts) => Judgement;
  readonly #reader: GroupReader;
  readonly #ageing: boolean;
  #pass: Pass;
  /** The pass before, until this one is through. */
  #before: Pass | null = null;
  readonly #gone = (group: number): void => {
    this.#pass.gone(group);
    this.#before?.gone(group);
  };

  /** `ageing`: the result of `judge` for a group changes with time. Call `close` when it is no longer needed. */
  constructor(state: EngineState, judge: (facts: ReadFacts) => Judgement, ageing: boolean) {
    this.#state = state;
    this.#judge = judge;
    this.#ageing = ageing;
    this.#reader = new GroupReader((devId) => state.deviceName(devId));
    this.#reader.stateIndex = STATE.pending;
    this.#pass = this.#begin();
    state.ledger.pending.watch(this.#gone);
  }

  close(): void {
    this.#state.ledger.pending.unwatch(this.#gone);
  }

  #begin(): Pass {
    return new Pass(this.#state.ledger.pending.values(), this.#state.nowNs());
  }

  get finished(): boolean {
    return this.#pass.judged === this.#state.ledger.pending.size;
  }

  /** Before a view: if the age matters, all are judged again; the more there are, the less often. */
  renew(): void {
    if (!this.#ageing || !this.finished) return;
    const dueNs = this.#pass.beganNs + this.#state.ledger.pending.size * PASS_NS_PER_GROUP;
    if (this.#state.nowNs() < dueNs) return;
    this.#before = this.#pass;
    this.#pass = this.#begin();
  }

  /** Continues until all are judged or the slice is over. Returns whether any was judged. */
  work(slice: Slice): boolean {
    if (this.finished) return false;
    const nowNs = this.#state.nowNs();
    while (!this.finished && !slice.over) {
      const group = this.#pass.next();
      this.#reader.to(group, this.#state.ledger.records(group));
      this.#reader.ageMs = Math.floor((nowNs - group.arrivedNs) / 1e6);
      this.#pass.take(group.group, this.#judge(this.#reader));
      slice.spend();
    }
    if (this.finished) this.#before = null;
    return true;
  }

  /** Groups examined and let through. */
  counts(): Omit<FilterReport, 'asked' | 'text' | 'error' | 'at'> {
    const total = this.#state.ledger.pending.size;
    const { found, broken, why } = this.#shown;
    const scanned = this.#before ? total : this.#pass.judged;
    return { matched: found.size, ...brokenRows(broken.size, why), scanned, total };
  }

  get #shown(): Pass {
    return this.#before ?? this.#pass;
  }

  /** Of those let through, `rows` from the `first`-th, oldest first. */
  groups(first: number, rows: number): PendingGroup[] {
    const out: PendingGroup[] = [];
    let place = 0;
    for (const number of this.#shown.found) {
      if (place >= first + rows) break;
      if (place++ < first) continue;
      const group = this.#state.ledger.pending.get(number);
      if (group) out.push(group);
    }
    return out;
  }
}
