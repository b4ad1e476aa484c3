import { pasidAt, RECORD_WORDS, W } from './records.ts';

/** Pages remembered to detect repeats. */
export const SLOTS = 8_192;
const PAGE_SHIFT = 12;
/** Three words of four are used; a power of two keeps a slot in one line of the cache. */
const SLOT_WORDS = 4;
/** A page forgotten with this many groups is reported to the list of hot pages. */
const WORTH_TELLING = 4;

/** A page is identified by the record of its newest group. */
export interface PageCount {
  /** Low 32 bits of the record's sequence number. */
  readonly seqLow: number;
  readonly groups: number;
}

const sourceHash = (words: Uint32Array, at: number): number =>
  Math.imul(words[at + W.devId]!, 0x9e3779b1) ^ Math.imul(pasidAt(words, at), 0x85ebca6b);

/**
 * Counts how often a device, PASID and page occurred before. A direct-mapped table of 128 KiB, so that it stays in the cache:
 * a page that shares its slot with a newer one is forgotten, and pages are distinguished by 32 bits of hash. The count is too
 * low if more pages are in use than there are slots, and too high for one pair of pages in four thousand million.
 */
export class PageTable {
  /**
   * Of each slot, side by side in one line of the cache: tag, count, and the low 32 bits of the sequence number of the
   * newest record, which has the page's address.
   */
  readonly #slots = new Uint32Array(SLOT_WORDS * SLOTS);
  readonly #forget: (page: PageCount) => void;
  readonly #one = new Uint32Array(1);
  /** First word of its slot, and tag. */
  readonly #stopped = new Uint32Array(2);
  /**
   * For the last page that occurred before: its slot, the groups before this one, and the sequence number of the last of
   * them, low 32 bits.
   */
  slot = 0;
  before = 0;
  previousSeqLow = 0;

  /** `forget` is called for pages that lose their slot, unless they were rarely seen. */
  constructor(forget: (page: PageCount) => void = () => {}) {
    this.#forget = forget;
  }

  /**
   * Counts one more group at the page of the record at word `at`, whose number has these low 32 bits; returns how many
   * there were before.
   */
  note(words: Uint32Array, at: number, seqLow: number): number {
    const record = at / RECORD_WORDS;
    this.#one[0] = record;
    return this.noteUntilRepeat(words, this.#one, 0, 1, seqLow - record) === 0 ? this.before : 0;
  }

  /**
   * Counts groups of one device and PASID, whose first records are `starts[from]` … `starts[to - 1]`, up to and including
   * the first whose page occurred before. Returns its index, `to` if there is none. The number of record 0 has these low
   * 32 bits.
   */
  noteUntilRepeat(words: Uint32Array, starts: Uint32Array, from: number, to: number, seqLow: number): number {
    for (let n = from; n < to; n++) {
      n = this.#noteNew(words, starts, n, to, seqLow);
      if (n < to && this.#noteStopped(seqLow + starts[n]!)) return n;
    }
    return to;
  }

  /**
   * Counts pages while each is new and takes no slot from one worth reporting; returns where it stopped. Floods spend
   * their time here, so the loop suits the compiler: it calls nothing, loads constants before, and nothing in it or after it
   * is reached for the first time long after it was compiled.
   */
  #noteNew(words: Uint32Array, starts: Uint32Array, from: number, to: number, seqLow: number): number {
    const { addrLow, addrHigh } = W;
    const recordWords = RECORD_WORDS;
    const shift = PAGE_SHIFT;
    const mask = SLOTS - 1;
    const worth = WORTH_TELLING;
    const slots = this.#slots;
    const stopped = this.#stopped;
    const source = sourceHash(words, starts[from]! * recordWords);
    let n = from;
    for (; n < to; n++) {
      const record = starts[n]!;
      const at = Math.imul(record, recordWords);
      const where = source ^ Math.imul(words[at + addrHigh]!, 0x27d4eb2f);
      const a = Math.imul((words[at + addrLow]! >>> shift) ^ where, 0xc2b2ae35);
      const slot = ((a ^ (a >>> 15)) & mask) << 2;
      // A tag of 0 is an empty slot.
      const tag = (Math.imul(a ^ (where >>> 7), 0x165667b1) | 1) >>> 0;
      stopped[0] = slot;
      stopped[1] = tag;
      if (slots[slot] === tag || slots[slot + 1]! >= worth) break;
      slots[slot] = tag;
      slots[slot + 1] = 1;
      slots[slot + 2] = seqLow + record;
    }
    return n;
  }

  /** Counts the page where #noteNew() stopped; returns whether it occurred before. */
  #noteStopped(seqLow: number): boolean {
    const slots = this.#slots;
    const slot = this.#stopped[0]!;
    const tag = this.#stopped[1]!;
    const before = slots[slot + 1]!;
    const previous = slots[slot + 2]!;
    const known = slots[slot] === tag;
    if (!known) this.#forget({ seqLow: previous, groups: before });
    slots[slot] = tag;
    slots[slot + 1] = known ? before + 1 : 1;
    slots[slot + 2] = seqLow;
    if (!known) return false;
    this.slot = slot / SLOT_WORDS;
    this.before = before;
    this.previousSeqLow = previous;
    return true;
  }

  snapshot(): Uint32Array {
    return this.#slots.slice();
  }

  restore(slots: Uint32Array): void {
    this.#slots.set(slots);
  }

  /** The pages remembered, those with most groups first, at most `limit`. */
  top(limit: number): PageCount[] {
    const slots = this.#slots;
    const order: number[] = [];
    for (let at = 0; at < slots.length; at += SLOT_WORDS) if (slots[at + 1] !== 0) order.push(at);
    const groups = (at: number) => slots[at + 1]!;
    order.sort((a, b) => groups(b) - groups(a) || a - b);
    return order.slice(0, limit).map((at) => ({ seqLow: slots[at + 2]!, groups: groups(at) }));
  }
}
