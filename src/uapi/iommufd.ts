// include/uapi/linux/iommufd.h: what iopftop uses of it.
import { at, struct } from './struct.ts';

export const iommuDestroy = struct('iommu_destroy', 8, { size: 'u32', id: 'u32' });

export const iommuIoasAlloc = struct('iommu_ioas_alloc', 12, { size: 'u32', flags: 'u32', outIoasId: 'u32' });

export const iommuIovaRange = struct('iommu_iova_range', 16, { start: 'u64', last: 'u64' });

export const iommuIoasIovaRanges = struct('iommu_ioas_iova_ranges', 32, {
  size: 'u32',
  ioasId: 'u32',
  numIovas: 'u32',
  reserved: 'u32',
  allowedIovas: 'u64',
  outIovaAlignment: 'u64',
});

export const iommuIoasMap = struct('iommu_ioas_map', 40, {
  size: 'u32',
  flags: 'u32',
  ioasId: 'u32',
  reserved: 'u32',
  userVa: 'u64',
  length: 'u64',
  iova: 'u64',
});

export const iommuIoasUnmap = struct('iommu_ioas_unmap', 24, {
  size: 'u32',
  ioasId: 'u32',
  iova: 'u64',
  length: 'u64',
});

export const iommuHwptAlloc = struct('iommu_hwpt_alloc', 48, {
  size: 'u32',
  flags: 'u32',
  devId: 'u32',
  ptId: 'u32',
  outHwptId: 'u32',
  reserved: 'u32',
  dataType: 'u32',
  dataLen: 'u32',
  dataUptr: 'u64',
  faultId: 'u32',
  reserved2: 'u32',
});

export const iommuHwInfo = struct('iommu_hw_info', 40, {
  size: 'u32',
  flags: 'u32',
  devId: 'u32',
  dataLen: 'u32',
  dataUptr: 'u64',
  outDataType: 'u32',
  outMaxPasidLog2: 'u8',
  outCapabilities: at(32, 'u64'),
});

export const iommuFaultAlloc = struct('iommu_fault_alloc', 16, {
  size: 'u32',
  flags: 'u32',
  outFaultId: 'u32',
  outFaultFd: 'u32',
});

export const iommuHwptVtdS1 = struct('iommu_hwpt_vtd_s1', 24, {
  flags: 'u64',
  pgtblAddr: 'u64',
  addrWidth: 'u32',
  reserved: 'u32',
});

export const iommuHwptPgfault = struct('iommu_hwpt_pgfault', 40, {
  flags: 'u32',
  devId: 'u32',
  pasid: 'u32',
  grpid: 'u32',
  perm: 'u32',
  reserved: 'u32',
  addr: 'u64',
  length: 'u32',
  cookie: 'u32',
});

export const iommuHwptPageResponse = struct('iommu_hwpt_page_response', 8, { cookie: 'u32', code: 'u32' });

/** enum iommu_hwpt_pgfault_flags. Unknown bits are ignored: Intel and AMD leak bit 2. */
export const PgfaultFlag = { PASID_VALID: 1, LAST_PAGE: 2 } as const;

/** enum iommufd_page_response_code */
export const PageResponse = { SUCCESS: 0, INVALID: 1 } as const;
export type PageResponseCode = (typeof PageResponse)[keyof typeof PageResponse];

/** enum iommufd_hwpt_alloc_flags */
export const HwptAllocFlag = { NEST_PARENT: 1, DIRTY_TRACKING: 2, FAULT_ID_VALID: 4, PASID: 8 } as const;

/** enum iommufd_ioas_map_flags */
export const IoasMapFlag = { FIXED_IOVA: 1, WRITEABLE: 2, READABLE: 4 } as const;

/** enum iommufd_hw_capabilities */
export const HwCapability = {
  DIRTY_TRACKING: 1n,
  PASID_EXEC: 2n,
  PASID_PRIVILEGED: 4n,
  PCI_ATS_NOT_SUPPORTED: 8n,
} as const;

/** enum iommu_hw_info_type, and the selftest's own: which IOMMU driver a device is behind. */
export const HwInfoType = { NONE: 0, INTEL_VTD: 1, ARM_SMMUV3: 2, AMD: 4, SELFTEST: 0xfeedbeef } as const;

/** Address bits that a VT-d stage-1 table of four levels translates (ADDR_WIDTH_4LEVEL). */
export const VTD_4_LEVEL_WIDTH = 48;

/** enum iommu_hwpt_data_type, and the selftest's own. */
export const HwptDataType = { NONE: 0, VTD_S1: 1, ARM_SMMUV3: 2, SELFTEST: 0xdead } as const;
