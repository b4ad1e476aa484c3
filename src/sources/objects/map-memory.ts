import type { Kernel, UserMemory } from '../../kernel/kernel.ts';
import { Refusal } from '../../text/refusal.ts';

export const PAGE_BYTES = 4_096;
const REGION_PAGES = 256;
/** Memory that `map` may pin in total: 256 MiB. */
const LIMIT_PAGES = 65_536;

/** The pages that `map` puts behind faulting addresses: fresh zeroed memory, taken a megabyte at a time, and bounded. */
export class MapMemory {
  readonly #kernel: Kernel;
  readonly #regions: UserMemory[] = [];
  #used = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** One page. Throws Refusal when the limit is reached. */
  page(): UserMemory {
    if (this.#used === LIMIT_PAGES) {
      throw new Refusal(
        'refused',
        `map has used up its ${(LIMIT_PAGES * PAGE_BYTES) / 2 ** 20} MiB of memory`,
        'answer success or invalid',
      );
    }
    const index = this.#used % REGION_PAGES;
    if (index === 0) this.#regions.push(this.#kernel.memory(REGION_PAGES * PAGE_BYTES));
    const region = this.#regions.at(-1) as UserMemory;
    this.#used++;
    const start = index * PAGE_BYTES;
    return {
      address: region.address + BigInt(start),
      bytes: region.bytes.subarray(start, start + PAGE_BYTES),
      free() {},
    };
  }

  /** Gives the last page back: it could not be mapped. */
  giveBack(): void {
    this.#used--;
    if (this.#used % REGION_PAGES === 0) this.#regions.pop()?.free();
  }

  /** Only when nothing maps it. */
  free(): void {
    for (const region of this.#regions.splice(0)) region.free();
    this.#used = 0;
  }
}
