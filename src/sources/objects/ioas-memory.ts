// The memory behind an IOAS of ours: what `map` and --iova put there.
import { IommufdError } from '../../iommufd/error.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import type { UserMemory } from '../../kernel/kernel.ts';
import { Errno } from '../../uapi/errno.ts';
import type { IoasId } from '../../uapi/ids.ts';
import type { IovaRange } from '../options.ts';
import { MapMemory, PAGE_BYTES } from './map-memory.ts';
import { Mappings } from './mappings.ts';

export class IoasMemory {
  readonly #iommufd: Iommufd;
  readonly #ioasId: IoasId;
  readonly #pages: MapMemory;
  readonly #ranges: UserMemory[] = [];
  readonly #mapped = new Mappings();

  constructor(iommufd: Iommufd, ioasId: IoasId) {
    this.#iommufd = iommufd;
    this.#ioasId = ioasId;
    this.#pages = new MapMemory(iommufd.kernel);
  }

  /** Maps fresh zeroed memory at the range. Throws IommufdError, and KernelRefusal if there is no memory. */
  mapRange({ iova, length }: IovaRange): void {
    const memory = this.#iommufd.kernel.memory(Number(length));
    this.#ranges.push(memory);
    this.#iommufd.map(this.#ioasId, memory, iova, Number(length));
    this.#mapped.addRange(iova, length);
  }

  /** Fresh memory at each of the pages that is not known to be mapped. */
  mapPages(pages: readonly bigint[]): void {
    for (const page of pages.filter((p) => this.#mapped.has(p) !== true)) {
      const memory = this.#pages.page();
      try {
        this.#iommufd.map(this.#ioasId, memory, page, PAGE_BYTES);
      } catch (error) {
        this.#pages.giveBack();
        // Somebody else has mapped it (iopt_alloc_area_pages), which is all we need.
        if (!(error instanceof IommufdError && error.errno === Errno.EEXIST)) throw error;
      }
      this.#mapped.add(page);
    }
  }

  /** Whether we have mapped the page of the address; null: we may have, but no longer know. */
  has(addr: bigint): boolean | null {
    return this.#mapped.has(addr);
  }

  /** Only when the IOAS is gone. */
  free(): void {
    for (const memory of this.#ranges.splice(0)) memory.free();
    this.#pages.free();
  }
}
