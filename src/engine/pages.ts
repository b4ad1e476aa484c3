/** Pages remembered for telling repeats. */
const SLOTS = 8_192;
const PAGE_SHIFT = 12;

/**
 * Counts how often a device, PASID and page came before. A direct-mapped table of 64 KiB, so that it stays in the cache: a
 * page that shares its slot with a newer one is forgotten, and pages are told apart by 32 bits of hash. The count is too
 * low where more pages are in use than it has slots, and too high for one pair of pages in four thousand million.
 */
export class PageTable {
  /** Tag and count of each slot, side by side: one line of the cache. */
  readonly #slots = new Uint32Array(2 * SLOTS);

  /** Notes one more fault at the page of address `high`:`low`; returns how many there were before. `pasid` -1: none. */
  note(devId: number, pasid: number, low: number, high: number): number {
    const where = Math.imul(devId, 0x9e3779b1) ^ Math.imul(pasid, 0x85ebca6b) ^ Math.imul(high, 0x27d4eb2f);
    const a = Math.imul((low >>> PAGE_SHIFT) ^ where, 0xc2b2ae35);
    const slot = 2 * ((a ^ (a >>> 15)) & (SLOTS - 1));
    // A tag of 0 is an empty slot.
    const tag = (Math.imul(a ^ (where >>> 7), 0x165667b1) | 1) >>> 0;
    const slots = this.#slots;
    if (slots[slot] !== tag) {
      slots[slot] = tag;
      slots[slot + 1] = 1;
      return 0;
    }
    const before = slots[slot + 1] as number;
    slots[slot + 1] = before + 1;
    return before;
  }
}
