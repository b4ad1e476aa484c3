// Addresses at which no memory can be mapped for a device of an IOMMU group (iommu_group_show_resv_regions()).
import type { Reading } from './reading.ts';

export interface ReservedRegion {
  readonly start: bigint;
  readonly last: bigint;
  /** direct, direct-relaxable, reserved, msi */
  readonly type: string;
}

/** [] if there is no group, or it cannot be read. */
export function readReserved(reading: Reading, group: number | null): ReservedRegion[] {
  if (group === null) return [];
  const path = `/sys/kernel/iommu_groups/${group}/reserved_regions`;
  return (reading.text(path, 'what is reserved for its IOMMU group') ?? '').split('\n').flatMap((line) => {
    const [, start, last, type] = /^(0x[0-9a-f]+) (0x[0-9a-f]+) (\S+)$/.exec(line) ?? [];
    return type === undefined ? [] : [{ start: BigInt(start!), last: BigInt(last!), type }];
  });
}
