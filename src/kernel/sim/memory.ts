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

export class AddressSpace {
  readonly #mappings = new Map<bigint, Mapping>();
  #next = BASE;

  /** memory(): zeroed pages with an unmapped page after them. */
  map(length: number): UserMemory {
    if (!Number.isSafeInteger(length) || length <= 0) throw new RangeError(`no memory for ${length} bytes`);
    const size = roundUp(BigInt(length));
    const address = this.#next;
    this.#next += size + GUARD;
    const bytes = new Uint8Array(Number(size));
    this.#mappings.set(address, { address, bytes });
    return { address, bytes, free: () => void this.#mappings.delete(address) };
  }

  #find(address: bigint): Mapping | undefined {
    for (const m of this.#mappings.values()) {
      if (address >= m.address && address < m.address + BigInt(m.bytes.byteLength)) return m;
    }
    return undefined;
  }

  /** The `length` bytes at `address`, or undefined where they are not all mapped. */
  at(address: bigint, length: number): Uint8Array | undefined {
    const m = this.#find(address);
    if (!m) return undefined;
    const start = Number(address - m.address);
    return start + length <= m.bytes.byteLength ? m.bytes.subarray(start, start + length) : undefined;
  }

  /** pin_user_pages_fast(): 0 where every page of the range is there, or the negative errno. */
  pin(address: bigint, length: bigint): number {
    if (roundUp(address + length) > 0xffff_ffff_ffff_ffffn) return -Errno.EOVERFLOW;
    const m = this.#find(address);
    return m && address + length <= m.address + BigInt(m.bytes.byteLength) ? 0 : -Errno.EFAULT;
  }

  /** copy_from_user(): the bytes, or -EFAULT. */
  read(address: bigint, length: number): Uint8Array | number {
    if (length === 0) return new Uint8Array(0);
    return this.at(address, length)?.slice() ?? -Errno.EFAULT;
  }

  /** copy_to_user(): 0, or -EFAULT. */
  write(address: bigint, bytes: Uint8Array): number {
    if (bytes.byteLength === 0) return 0;
    const target = this.at(address, bytes.byteLength);
    if (!target) return -Errno.EFAULT;
    target.set(bytes);
    return 0;
  }
}
