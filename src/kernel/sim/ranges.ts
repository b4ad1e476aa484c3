// Ranges of 64-bit addresses, both ends included, and what lies between them.

export const ULONG_MAX = 0xffff_ffff_ffff_ffffn;

export interface AddressRange {
  readonly start: bigint;
  readonly last: bigint;
}

/** Math.max() does not take bigints. */
export function larger(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}

export const overlaps = (r: AddressRange, start: bigint, last: bigint) => r.start <= last && r.last >= start;

/** __alloc_iova_check_range(): where a mapping fits between `start` and `last`, if it does. */
export function placeIn(
  start: bigint,
  last: bigint,
  place: { alignment: bigint; pageOffset: bigint; length: bigint },
): bigint | undefined {
  const up = start + place.alignment - 1n;
  if (up > ULONG_MAX) return undefined;
  const aligned = (up & ~(place.alignment - 1n)) | place.pageOffset;
  if (aligned >= last || last - aligned < place.length - 1n) return undefined;
  return aligned;
}

/** What of first…last no range covers, in order. */
export function gaps(ranges: readonly AddressRange[], first: bigint, last: bigint) {
  const out: AddressRange[] = [];
  const sorted = [...ranges].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let next = first;
  for (const r of sorted) {
    if (r.last < next) continue;
    if (r.start > last) break;
    if (r.start > next) out.push({ start: next, last: r.start - 1n });
    next = r.last + 1n;
  }
  if (next <= last) out.push({ start: next, last });
  return out;
}
