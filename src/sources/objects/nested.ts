// Nested HWPTs: the table on a nest parent is the guest's page table, whose format depends on the IOMMU driver. There is no
// guest here, so the table is empty, and every access faults until somebody fills it.

import type { Hwpt, HwptRequest, Iommufd } from '../../iommufd/iommufd.ts';
import type { Teardown } from '../../iommufd/teardown.ts';
import { Refusal } from '../../text/refusal.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';
import { PAGE_BYTES } from './map-memory.ts';

export const WITHOUT_VIOMMU: Record<number, string> = {
  [HwInfoType.NONE]: 'its IOMMU does not report a format for nested HWPTs',
  [HwInfoType.ARM_SMMUV3]: 'SMMUv3 takes nested HWPTs only on a virtual IOMMU, which a VMM creates',
  [HwInfoType.AMD]: 'the AMD IOMMU takes nested HWPTs only on a virtual IOMMU, which a VMM creates',
};

/**
 * A nested HWPT on `parent`, by the kind of IOMMU that the device is behind. What it needs besides is undone by `undo`, after
 * the HWPT itself. Throws IommufdError, and Refusal for an IOMMU whose nested HWPTs cannot be made here.
 */
export function makeNestedHwpt(
  iommufd: Iommufd,
  hwInfoType: number,
  request: HwptRequest,
  parent: Hwpt,
  undo: Teardown,
): Hwpt {
  if (hwInfoType === HwInfoType.SELFTEST) return iommufd.allocSelftestNestedHwpt(request, parent.id);
  if (hwInfoType === HwInfoType.INTEL_VTD) {
    return iommufd.allocVtdNestedHwpt(request, parent.id, emptyPageTable(iommufd, request, undo));
  }
  const why = WITHOUT_VIOMMU[hwInfoType] ?? `iopftop does not support nested HWPTs for IOMMU type ${hwInfoType}`;
  throw new Refusal('refused', `no nested HWPT for device ${request.devId}: ${why}`, 'use a paging HWPT');
}

/**
 * The root of a stage-1 table: one page of zeroes, none of whose entries is present. The IOMMU walks it in the address space
 * of the nest parent, so that is where it is mapped. Returns where.
 */
function emptyPageTable(iommufd: Iommufd, { ioasId }: HwptRequest, undo: Teardown): bigint {
  const memory = iommufd.kernel.memory(PAGE_BYTES);
  undo.defer('free the stage-1 page table', () => memory.free());
  const iova = iommufd.mapAnywhere(ioasId, memory, PAGE_BYTES);
  undo.defer('unmap the stage-1 page table', () => void iommufd.unmap(ioasId, iova, BigInt(PAGE_BYTES)));
  return iova;
}
