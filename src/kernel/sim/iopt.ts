// struct io_pagetable (iommufd/io_pagetable.c): mapped areas and reserved ranges of an IOAS, over all 64 bits.
import { Errno } from '../../uapi/errno.ts';
import { type AddressSpace, PAGE_SIZE } from './memory.ts';
import { gaps, larger, overlaps, placeIn, ULONG_MAX } from './ranges.ts';

/** struct iopt_area */
export interface Area {
  readonly start: bigint;
  readonly last: bigint;
  readonly userVa: bigint;
  readonly writable: boolean;
  /** The pages are pinned: a domain holds them. */
  pinned: boolean;
}

interface Reserved {
  readonly start: bigint;
  readonly last: bigint;
  readonly owner: object | undefined;
}

/** What a paging domain asks of the IOAS that it is filled from. */
export interface DomainGeometry {
  readonly apertureStart: bigint;
  readonly apertureLast: bigint;
  /** The smallest page size, in bytes. */
  readonly pageSize: bigint;
}

export class IoPagetable {
  readonly #memory: AddressSpace;
  readonly #domains: DomainGeometry[] = [];
  /** Sorted by start; areas never overlap. */
  #areas: Area[] = [];
  #reserved: Reserved[] = [];
  alignment = 1n;

  constructor(memory: AddressSpace) {
    this.#memory = memory;
  }

  get areas(): readonly Area[] {
    return this.#areas;
  }

  /** The area that `iova` lies in. */
  areaAt(iova: bigint): Area | undefined {
    const i = this.#firstFrom(iova);
    const area = this.#areas[i];
    return area && area.start <= iova ? area : undefined;
  }

  /** The index of the first area that ends at `iova` or later. */
  #firstFrom(iova: bigint): number {
    let low = 0;
    let high = this.#areas.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if ((this.#areas[mid] as Area).last < iova) low = mid + 1;
      else high = mid;
    }
    return low;
  }

  /** iopt_area_iter_first() */
  #firstArea(start: bigint, last: bigint): Area | undefined {
    const area = this.#areas[this.#firstFrom(start)];
    return area && area.start <= last ? area : undefined;
  }

  /** The gaps between reserved ranges (interval_tree_for_each_span over reserved_itree). */
  holes(): { start: bigint; last: bigint }[] {
    return gaps(this.#reserved, 0n, ULONG_MAX);
  }

  /** iopt_reserve_iova() */
  reserve(start: bigint, last: bigint, owner: object | undefined): number {
    if (this.#firstArea(start, last)) return -Errno.EADDRINUSE;
    this.#reserved.push({ start, last, owner });
    return 0;
  }

  /** iopt_table_enforce_dev_resv_regions(): all of them, or none. */
  reserveFor(owner: object, regions: readonly { readonly start: bigint; readonly last: bigint }[]): number {
    for (const { start, last } of regions) {
      const rc = this.reserve(start, last, owner);
      if (rc === 0) continue;
      this.unreserve(owner);
      return rc;
    }
    return 0;
  }

  /** iopt_remove_reserved_iova() */
  unreserve(owner: object): void {
    this.#reserved = this.#reserved.filter((r) => r.owner !== owner);
  }

  /** iopt_table_add_domain() */
  addDomain(domain: DomainGeometry): number {
    const alignment = larger(domain.pageSize, this.alignment);
    const mask = alignment - 1n;
    if (alignment !== this.alignment) {
      // iopt_check_iova_alignment()
      const bad = this.#areas.some((a) => ((a.start | (a.last + 1n) | (a.userVa % PAGE_SIZE)) & mask) !== 0n);
      if (bad) return -Errno.EADDRINUSE;
    }
    let rc = 0;
    if (domain.apertureStart !== 0n) rc = this.reserve(0n, domain.apertureStart - 1n, domain);
    if (rc === 0 && domain.apertureLast !== ULONG_MAX) rc = this.reserve(domain.apertureLast + 1n, ULONG_MAX, domain);
    if (rc === 0) rc = this.#fill(this.#areas);
    if (rc !== 0) {
      this.unreserve(domain);
      return rc;
    }
    this.alignment = alignment;
    this.#domains.push(domain);
    return 0;
  }

  /** iopt_table_remove_domain() */
  removeDomain(domain: DomainGeometry): void {
    const index = this.#domains.indexOf(domain);
    if (index < 0) return;
    this.#domains.splice(index, 1);
    this.unreserve(domain);
    if (this.#domains.length === 0) this.#unpin(this.#areas);
    this.alignment = this.#domains.reduce((a, d) => larger(a, d.pageSize), 1n);
  }

  /** iopt_area_fill_domain(): pins what is not pinned yet, all or nothing. */
  #fill(areas: readonly Area[]): number {
    const pinned: Area[] = [];
    for (const area of areas) {
      if (area.pinned) continue;
      const rc = this.#memory.pin(area.userVa, area.last - area.start + 1n);
      if (rc !== 0) {
        this.#unpin(pinned);
        return rc;
      }
      area.pinned = true;
      pinned.push(area);
    }
    return 0;
  }

  #unpin(areas: readonly Area[]): void {
    for (const area of areas) {
      if (area.pinned) this.#memory.unpin(area.userVa, area.last - area.start + 1n);
      area.pinned = false;
    }
  }

  /**
   * iopt_map_user_pages(): maps `length` bytes at `userVa` to `iova` (undefined: an address of the table's choice).
   * The IOVA, or the negative errno.
   */
  map(iova: bigint | undefined, userVa: bigint, length: bigint, writable: boolean): bigint | number {
    if (userVa + length > ULONG_MAX) return -Errno.EOVERFLOW;
    if (length > ULONG_MAX - PAGE_SIZE || length === 0n) return -Errno.EINVAL;
    const mask = this.alignment - 1n;
    if (length & mask) return -Errno.EINVAL;
    const start = iova === undefined ? this.#allocIova(userVa, length) : iova;
    if (typeof start === 'number') return start;
    if (iova !== undefined) {
      const rc = this.#checkIova(iova, length);
      if (rc !== 0) return rc;
    }
    // iopt_insert_area()
    if ((userVa % PAGE_SIZE) & mask) return -Errno.EINVAL;
    const area = { start, last: start + length - 1n, userVa, writable, pinned: false };
    if (this.#domains.length > 0) {
      const rc = this.#fill([area]);
      if (rc !== 0) return rc;
    }
    this.#areas.splice(this.#firstFrom(start), 0, area);
    return start;
  }

  /** iopt_check_iova() */
  #checkIova(iova: bigint, length: bigint): number {
    if (iova & (this.alignment - 1n)) return -Errno.EINVAL;
    const last = iova + length - 1n;
    if (last > ULONG_MAX) return -Errno.EOVERFLOW;
    if (this.#reserved.some((r) => overlaps(r, iova, last))) return -Errno.EINVAL;
    if (this.#firstArea(iova, last)) return -Errno.EEXIST;
    return 0;
  }

  /** iopt_alloc_iova() without transparent huge pages and without an allow list. */
  #allocIova(userVa: bigint, length: bigint): bigint | number {
    if (length >= ULONG_MAX / 2n) return -Errno.EOVERFLOW;
    let alignment = 1n;
    while (alignment < length && alignment < PAGE_SIZE) alignment <<= 1n;
    const ofAddress = userVa & -userVa;
    if (userVa !== 0n && ofAddress < alignment) alignment = ofAddress;
    if (alignment < this.alignment) return -Errno.EINVAL;
    const place = { alignment, pageOffset: userVa % PAGE_SIZE, length };
    const allowed = placeIn(PAGE_SIZE, ULONG_MAX - PAGE_SIZE, place);
    if (allowed === undefined) return -Errno.ENOSPC;
    for (const hole of gaps([...this.#reserved, ...this.#areas], allowed, ULONG_MAX - PAGE_SIZE)) {
      const start = placeIn(hole.start, hole.last, place);
      if (start !== undefined) return start;
    }
    return -Errno.ENOSPC;
  }

  /**
   * iopt_unmap_iova(): the bytes unmapped and the errno (0, or ENOENT where the range ends inside an area: what came
   * before that area is unmapped anyway).
   */
  unmap(iova: bigint, length: bigint): { unmapped: bigint; rc: number } {
    if (length === 0n) return { unmapped: 0n, rc: -Errno.EINVAL };
    const last = iova + length - 1n;
    if (last > ULONG_MAX) return { unmapped: 0n, rc: -Errno.EOVERFLOW };
    return this.unmapRange(iova, last);
  }

  /** iopt_unmap_iova_range() */
  unmapRange(start: bigint, last: bigint): { unmapped: bigint; rc: number } {
    const from = this.#firstFrom(start);
    let end = from;
    let unmapped = 0n;
    let rc = 0;
    for (let area = this.#areas[end]; area && area.start <= last; area = this.#areas[end]) {
      if (area.start < start || area.last > last) {
        rc = -Errno.ENOENT;
        break;
      }
      unmapped += area.last - area.start + 1n;
      end++;
    }
    this.#unpin(this.#areas.splice(from, end - from));
    return { unmapped, rc };
  }
}
