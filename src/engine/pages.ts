/** Pages remembered for telling repeats. */
const SLOTS = 8_192;
const PAGE_SHIFT = 12;

/**
 * Counts how often a device, PASID and page came before. A direct-mapped table: a page that shares its slot with a newer
 * one is forgotten, so the count is never too high, and too low only where more pages are in use than it has slots.
 */
export class PageTable {
  readonly #keys = new Uint32Array(SLOTS * 4);
  readonly #seen = new Uint32Array(SLOTS);

  /** Notes one more fault at the page of address `high`:`low`; returns how many there were before. `pasid` -1: none. */
  note(devId: number, pasid: number, low: number, high: number): number {
    const page = (low >>> PAGE_SHIFT) | (high << (32 - PAGE_SHIFT));
    const tag = pasid + 1;
    const hash = Math.imul(page ^ Math.imul(devId, 0x9e3779b1) ^ Math.imul(tag, 0x85ebca6b), 0xc2b2ae35);
    const slot = (hash >>> 19) & (SLOTS - 1);
    const keys = this.#keys;
    const at = slot * 4;
    if (
      keys[at] === devId &&
      keys[at + 1] === tag &&
      keys[at + 2] === page >>> 0 &&
      keys[at + 3] === high >>> PAGE_SHIFT
    ) {
      const before = this.#seen[slot] as number;
      this.#seen[slot] = before + 1;
      return before;
    }
    keys[at] = devId;
    keys[at + 1] = tag;
    keys[at + 2] = page;
    keys[at + 3] = high >>> PAGE_SHIFT;
    this.#seen[slot] = 1;
    return 0;
  }
}
