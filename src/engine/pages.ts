import { pasidAt, W } from './records.ts';

/** Pages remembered for telling repeats. */
export const SLOTS = 8_192;
const PAGE_SHIFT = 12;
/** Three are used; a power of two keeps a slot in one line of the cache. */
const SLOT_WORDS = 4;
/** A page that is forgotten with so many groups is worth a word to whoever lists hot pages. */
const WORTH_TELLING = 4;

/** A page is told by the record of its newest group. */
export interface PageCount {
  /** Low 32 bits of the record's sequence number. */
  readonly seqLow: number;
  readonly groups: number;
}

/**
 * Counts how often a device, PASID and page came before. A direct-mapped table of 128 KiB, so that it stays in the cache: a
 * page that shares its slot with a newer one is forgotten, and pages are told apart by 32 bits of hash. The count is too
 * low where more pages are in use than it has slots, and too high for one pair of pages in four thousand million.
 */
export class PageTable {
  /**
   * Of each slot, side by side in one line of the cache: tag, count, and the low 32 bits of the sequence number of the
   * newest record, which is where the page's address stands.
   */
  readonly #slots = new Uint32Array(SLOT_WORDS * SLOTS);
  readonly #forget: (page: PageCount) => void;
  /** Of the last note() that returned more than 0: its slot, and the sequence number of the group before, low 32 bits. */
  slot = 0;
  previousSeqLow = 0;

  /** `forget` hears of pages that lose their slot, unless they were seldom seen. */
  constructor(forget: (page: PageCount) => void = () => {}) {
    this.#forget = forget;
  }

  /**
   * Notes one more group at the page of the record at word `at`, whose number has these low 32 bits; returns how many
   * there were before.
   */
  note(words: Uint32Array, at: number, seqLow: number): number {
    const where =
      Math.imul(words[at + W.devId] as number, 0x9e3779b1) ^
      Math.imul(pasidAt(words, at), 0x85ebca6b) ^
      Math.imul(words[at + W.addrHigh] as number, 0x27d4eb2f);
    const a = Math.imul(((words[at + W.addrLow] as number) >>> PAGE_SHIFT) ^ where, 0xc2b2ae35);
    const index = (a ^ (a >>> 15)) & (SLOTS - 1);
    const slot = SLOT_WORDS * index;
    // A tag of 0 is an empty slot.
    const tag = (Math.imul(a ^ (where >>> 7), 0x165667b1) | 1) >>> 0;
    const slots = this.#slots;
    const before = slots[slot + 1] as number;
    if (slots[slot] !== tag) {
      if (before >= WORTH_TELLING) this.#forget({ seqLow: slots[slot + 2] as number, groups: before });
      slots[slot] = tag;
      slots[slot + 1] = 1;
      slots[slot + 2] = seqLow;
      return 0;
    }
    slots[slot + 1] = before + 1;
    this.slot = index;
    this.previousSeqLow = slots[slot + 2] as number;
    slots[slot + 2] = seqLow;
    return before;
  }

  /** The pages remembered, those with most groups first, at most `limit`. */
  top(limit: number): PageCount[] {
    const slots = this.#slots;
    const order: number[] = [];
    for (let at = 0; at < slots.length; at += SLOT_WORDS) if (slots[at + 1] !== 0) order.push(at);
    const groups = (at: number) => slots[at + 1] as number;
    order.sort((a, b) => groups(b) - groups(a) || a - b);
    return order.slice(0, limit).map((at) => ({ seqLow: slots[at + 2] as number, groups: groups(at) }));
  }
}
