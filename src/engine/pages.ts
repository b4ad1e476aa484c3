/** Pages remembered for telling repeats. */
export const SLOTS = 8_192;
const PAGE_SHIFT = 12;
/** A page that is forgotten with so many groups is worth a word to whoever lists hot pages. */
const WORTH_TELLING = 4;

/** A page is told by the record of its newest group. */
export interface PageCount {
  /** Low 32 bits of the record's sequence number. */
  readonly seqLow: number;
  readonly groups: number;
}

/**
 * Counts how often a device, PASID and page came before. A direct-mapped table of 96 KiB, so that it stays in the cache: a
 * page that shares its slot with a newer one is forgotten, and pages are told apart by 32 bits of hash. The count is too
 * low where more pages are in use than it has slots, and too high for one pair of pages in four thousand million.
 */
export class PageTable {
  /** Tag and count of each slot, side by side: one line of the cache. */
  readonly #slots = new Uint32Array(2 * SLOTS);
  /** Low 32 bits of the sequence number of the newest record: where the page's address stands. */
  readonly #seqs = new Uint32Array(SLOTS);
  readonly #forget: (page: PageCount) => void;
  /** Of the last note() that returned more than 0: its slot, and the sequence number of the group before, low 32 bits. */
  slot = 0;
  previousSeqLow = 0;

  /** `forget` hears of pages that lose their slot, unless they were seldom seen. */
  constructor(forget: (page: PageCount) => void = () => {}) {
    this.#forget = forget;
  }

  /**
   * Notes one more group at the page of address `high`:`low`, whose record has the number `seq`; returns how many there
   * were before. `pasid` -1: none.
   */
  note(devId: number, pasid: number, low: number, high: number, seq: number): number {
    const where = Math.imul(devId, 0x9e3779b1) ^ Math.imul(pasid, 0x85ebca6b) ^ Math.imul(high, 0x27d4eb2f);
    const a = Math.imul((low >>> PAGE_SHIFT) ^ where, 0xc2b2ae35);
    const index = (a ^ (a >>> 15)) & (SLOTS - 1);
    const slot = 2 * index;
    // A tag of 0 is an empty slot.
    const tag = (Math.imul(a ^ (where >>> 7), 0x165667b1) | 1) >>> 0;
    const slots = this.#slots;
    const before = slots[slot + 1] as number;
    if (slots[slot] !== tag) {
      if (before >= WORTH_TELLING) this.#forget({ seqLow: this.#seqs[index] as number, groups: before });
      slots[slot] = tag;
      slots[slot + 1] = 1;
      this.#seqs[index] = seq;
      return 0;
    }
    slots[slot + 1] = before + 1;
    this.slot = index;
    this.previousSeqLow = this.#seqs[index] as number;
    this.#seqs[index] = seq;
    return before;
  }

  /** The pages remembered, those with most groups first, at most `limit`. */
  top(limit: number): PageCount[] {
    const order: number[] = [];
    for (let i = 0; i < SLOTS; i++) if (this.#slots[2 * i + 1] !== 0) order.push(i);
    const groups = (i: number) => this.#slots[2 * i + 1] as number;
    order.sort((a, b) => groups(b) - groups(a) || a - b);
    return order.slice(0, limit).map((i) => ({ seqLow: this.#seqs[i] as number, groups: groups(i) }));
  }
}
