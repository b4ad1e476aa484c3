// A record of what is mapped in an IOAS: no ioctl lists mappings (IOMMU_IOAS_IOVA_RANGES says what may be mapped, not what
// is), so we keep it ourselves.
import { PAGE_BYTES } from './map-memory.ts';

/** Runs of pages that are kept; mappings beyond this are forgotten. */
const LIMIT = 65_536;

/** Pages as numbers: exact, an address has 64 bits and a page 12 of them. */
const pageOf = (addr: bigint): number => Number(addr >> 12n);

if (PAGE_BYTES !== 4_096) throw new Error('pages are of 4 KiB here');

export class Mappings {
  /** First page of each run, rising, and the page after its last. Runs do not overlap. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #limit: number;
  /** Pages that did not fit. */
  forgotten = 0;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** Index of the first run that begins after the page. */
  #after(page: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= page) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Records that the page of the address is mapped. */
  add(addr: bigint): void {
    const page = pageOf(addr);
    const i = this.#after(page);
    const starts = this.#starts;
    const ends = this.#ends;
    const endBefore = i > 0 ? ends[i - 1]! : -1;
    if (page < endBefore) return;
    const joinsNext = starts[i] === page + 1;
    if (endBefore === page && joinsNext) {
      ends[i - 1] = ends[i]!;
      starts.splice(i, 1);
      ends.splice(i, 1);
    } else if (endBefore === page) {
      ends[i - 1] = page + 1;
    } else if (joinsNext) {
      starts[i] = page;
    } else if (starts.length < this.#limit) {
      starts.splice(i, 0, page);
      ends.splice(i, 0, page + 1);
    } else {
      this.forgotten++;
    }
  }

  /** Records a range of bytes, whole pages, where nothing was recorded yet. */
  addRange(iova: bigint, length: bigint): void {
    const start = pageOf(iova);
    const end = pageOf(iova + length);
    const i = this.#after(start);
    if (this.#starts.length >= this.#limit) {
      this.forgotten += end - start;
      return;
    }
    this.#starts.splice(i, 0, start);
    this.#ends.splice(i, 0, end);
  }

  /** Whether the page of the address is mapped; null: it may be one that did not fit. */
  has(addr: bigint): boolean | null {
    const page = pageOf(addr);
    const i = this.#after(page);
    if (i > 0 && page < this.#ends[i - 1]!) return true;
    return this.forgotten > 0 ? null : false;
  }
}
