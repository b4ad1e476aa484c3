// The records of one chunk that a filter may let through. That can depend on the state of the group, so each record keeps
// the answer for every state: one bit each. The state itself is looked up when the matches are counted or listed, so that
// filters need no notice of answers; and since a group that is not pending does not change, only those that were pending
// when last counted are checked again.
import { RECORD_STATES } from '../../protocol/messages.ts';
import type { Chunk } from '../ledger/chunk.ts';
import { STATE } from '../ledger/group.ts';

/** Lets a record through whatever its state is. */
export const ALWAYS = (1 << RECORD_STATES.length) - 1;
const FIRST_ROOM = 64;

export class Matches {
  #rows = new Uint16Array(FIRST_ROOM);
  #masks: Uint8Array | null = null;
  #length = 0;
  #settled = 0;
  /** Places in `rows` of records that were pending when last checked. */
  #open: number[] = [];

  /** Appends the records `from` … `end` - 1, which `mask` (not 0) lets through in the states whose bits are set. */
  add(from: number, end: number, mask: number): void {
    for (let row = from; row < end; row++) {
      if (this.#length === this.#rows.length) this.#grow();
      const place = this.#length++;
      this.#rows[place] = row;
      if (mask === ALWAYS) {
        if (this.#masks) this.#masks[place] = ALWAYS;
        this.#settled++;
      } else {
        this.#masks ??= new Uint8Array(this.#rows.length).fill(ALWAYS, 0, place);
        this.#masks[place] = mask;
        this.#open.push(place);
      }
    }
  }

  #grow(): void {
    const rows = new Uint16Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
    if (!this.#masks) return;
    const masks = new Uint8Array(rows.length);
    masks.set(this.#masks);
    this.#masks = masks;
  }

  #lets(place: number, { states }: Chunk): boolean {
    if (!this.#masks) return true;
    const state = states[this.#rows[place]!]!;
    return (this.#masks[place]! & (1 << state)) !== 0;
  }

  /** How many records of the chunk are let through now. */
  count(chunk: Chunk): number {
    let now = 0;
    let kept = 0;
    for (const place of this.#open) {
      const lets = this.#lets(place, chunk);
      if (chunk.states[this.#rows[place]!] === STATE.pending) {
        this.#open[kept++] = place;
        if (lets) now++;
      } else if (lets) this.#settled++;
    }
    this.#open.length = kept;
    return this.#settled + now;
  }

  /** Indices in the chunk of those let through, rising, as long as `take` returns true. */
  each(chunk: Chunk, take: (row: number) => boolean): void {
    for (let place = 0; place < this.#length; place++) {
      if (this.#lets(place, chunk) && !take(this.#rows[place]!)) return;
    }
  }
}
