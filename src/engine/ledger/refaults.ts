// Refault loops: a page that keeps faulting although every fault was answered SUCCESS. The answer did not help: nothing is
// mapped there, or the device uses another page table than the one that was filled.

import type { Chunk } from './chunk.ts';
import { STATE } from './group.ts';
import type { History } from './history.ts';
import { pageAt } from './hot-pages.ts';
import { type PageTable, SLOTS } from './pages.ts';
import { RECORD_WORDS } from './records.ts';

export interface RefaultLoop {
  readonly devId: number;
  /** -1: none. */
  readonly pasid: number;
  readonly page: bigint;
  /** Faults at the page, each after the previous one was answered SUCCESS. */
  times: number;
  lastNs: number;
}

export interface RefaultsData {
  loops: Map<number, RefaultLoop>;
  times: Uint32Array;
}

/** Loops remembered at a time; a page that faults once more takes the place of the one that was quiet longest. */
const MAX_LOOPS = 256;
/** A page that did not fault for this long is no longer in a loop. */
const LOOP_OVER_NS = 10e9;

export class Refaults {
  readonly #history: History;
  readonly #table: PageTable;
  readonly #from: number;
  /** By slot of the page table; the one that faulted last comes last. */
  readonly #loops = new Map<number, RefaultLoop>();
  /** Faults in a row by slot; those of a page begin when it is seen for the second time. */
  readonly #times = new Uint32Array(SLOTS);

  /** `from`: a loop is remembered from this many times on. */
  constructor(history: History, table: PageTable, from: number) {
    this.#history = history;
    this.#table = table;
    this.#from = from;
  }

  /** The page table has just found that the page of the group at record `index` occurred `before` times before. */
  note(before: number, chunk: Chunk, index: number, nowNs: number): void {
    const { slot, previousSeqLow } = this.#table;
    if (before === 1) this.#begin(slot);
    const state = this.#history.stateOf(previousSeqLow);
    // Not answered yet: both were requested at once, which means nothing.
    if (state === STATE.pending) return;
    const times = state === STATE.success ? this.#times[slot]! + 1 : 0;
    this.#times[slot] = times;
    if (this.#loops.size > 0) this.#loops.delete(slot);
    if (times < this.#from) return;
    if (this.#loops.size >= MAX_LOOPS) this.#loops.delete(this.#loops.keys().next().value as number);
    this.#loops.set(slot, { ...pageAt(chunk, index * RECORD_WORDS), times, lastNs: nowNs });
  }

  /** Another page has the slot now. */
  #begin(slot: number): void {
    this.#times[slot] = 0;
    this.#loops.delete(slot);
  }

  snapshot(): RefaultsData {
    return { loops: structuredClone(this.#loops), times: this.#times.slice() };
  }

  restore({ loops, times }: RefaultsData): void {
    for (const [slot, loop] of loops) this.#loops.set(slot, loop);
    this.#times.set(times);
  }

  /** Those that still continue at `nowNs`. */
  loops(nowNs: number): RefaultLoop[] {
    for (const [slot, { lastNs }] of this.#loops) if (nowNs - lastNs >= LOOP_OVER_NS) this.#loops.delete(slot);
    return [...this.#loops.values()];
  }

  /** When the first of them is over if nothing faults, Infinity if there is none. */
  get nextOverNs(): number {
    const first = this.#loops.values().next().value;
    return first ? first.lastNs + LOOP_OVER_NS : Number.POSITIVE_INFINITY;
  }
}
