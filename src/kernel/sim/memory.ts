// The address space of the program above: what memory() gave out, found again by the addresses inside structs.
import { Errno } from '../../uapi/errno.ts';
import type { UserMemory } from '../kernel.ts';

export const PAGE_SIZE = 4096n;
/** Where the first mapping lies; anything will do that is page aligned and not near 0. */
const BASE = 0x7f00_0000_0000n;
const GUARD = PAGE_SIZE;

interface Mapping {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

const roundUp = (n: bigint): bigint => (n + PAGE_SIZE - 1n) & ~(PAGE_SIZE - 1n);

/** The bytes of all pages that the range touches. */
const pagesOf = (address: bigint, length: bigint): bigint =>
  roundUp(address + length) - (address - (address % PAGE_SIZE));

export class AddressSpace {
  /** In the order of their addresses, which only grow. */
  readonly #mappings: Mapping[] = [];
  readonly #memlock: bigint;
  #locked = 0n;
  #next = BASE;

  /** `memlock`: RLIMIT_MEMLOCK in bytes; undefined: no limit. */
  constructor(memlock?: number) {
    this.#memlock = memlock === undefined ? 0xffff_ffff_ffff_ffffn : BigInt(memlock);
  }

  /** memory(): zeroed pages with an unmapped page after them. */
  map(length: number): UserMemory {
    if (!Number.isSafeInteger(length) || length <= 0) throw new RangeError(`no memory for ${length} bytes`);
    const size = roundUp(BigInt(length));
    const mapping = { address: this.#next, bytes: new Uint8Array(Number(size)) };
    this.#next += size + GUARD;
    this.#mappings.push(mapping);
    const free = () => {
      const index = this.#mappings.indexOf(mapping);
      if (index >= 0) this.#mappings.splice(index, 1);
    };
    return { ...mapping, free };
  }

  #find(address: bigint): Mapping | undefined {
    let low = 0;
    let high = this.#mappings.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((this.#mappings[mid] as Mapping).address <= address) low = mid + 1;
      else high = mid;
    }
    const m = this.#mappings[low - 1];
    return m && address < m.address + BigInt(m.bytes.byteLength) ? m : undefined;
  }

  /** As many of the `length` bytes at `address` as are mapped. */
  #upTo(address: bigint, length: number): Uint8Array {
    const m = this.#find(address);
    if (!m) return new Uint8Array(0);
    const start = Number(address - m.address);
    return m.bytes.subarray(start, start + length);
  }

  /** pin_user_pages_fast(): 0 where every page of the range is there, or the negative errno. */
  check(address: bigint, length: bigint): number {
    if (roundUp(address + length) > 0xffff_ffff_ffff_ffffn) return -Errno.EOVERFLOW;
    const m = this.#find(address);
    return m && address + length <= m.address + BigInt(m.bytes.byteLength) ? 0 : -Errno.EFAULT;
  }

  /** Pins the pages of the range and counts them against the limit (iopt_pages_update_pinned()): ENOMEM past it. */
  pin(address: bigint, length: bigint): number {
    const rc = this.check(address, length);
    if (rc !== 0) return rc;
    const bytes = pagesOf(address, length);
    if (this.#locked + bytes > this.#memlock) return -Errno.ENOMEM;
    this.#locked += bytes;
    return 0;
  }

  unpin(address: bigint, length: bigint): void {
    this.#locked -= pagesOf(address, length);
  }

  /** copy_from_user(): the bytes, or -EFAULT. */
  read(address: bigint, length: number): Uint8Array | number {
    const bytes = this.#upTo(address, length);
    return bytes.byteLength === length ? bytes.slice() : -Errno.EFAULT;
  }

  /** copy_to_user(), as far as the memory goes: 0, or -EFAULT where not all of it is there. */
  write(address: bigint, bytes: Uint8Array): number {
    const target = this.#upTo(address, bytes.byteLength);
    target.set(bytes.subarray(0, target.byteLength));
    return target.byteLength === bytes.byteLength ? 0 : -Errno.EFAULT;
  }

  /** clear_user(), likewise. */
  clear(address: bigint, length: number): number {
    const target = this.#upTo(address, length).fill(0);
    return target.byteLength === length ? 0 : -Errno.EFAULT;
  }
}
