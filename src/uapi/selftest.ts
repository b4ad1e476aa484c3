// drivers/iommu/iommufd/iommufd_test.h: the ioctl of kernels with CONFIG_IOMMUFD_TEST. One struct with a union; each
// operation's members are a table of their own over the same 72 bytes.
import { at, struct } from './struct.ts';

const head = { size: 'u32', op: 'u32', id: 'u32', reserved: 'u32' } as const;
const tail = { last: at(64, 'u32') } as const;
const NAME = 'iommu_test_cmd';
const SIZE = 72;

/** enum in iommufd_test.h: IOMMU_TEST_OP_… */
export const TestOp = {
  ADD_RESERVED: 1,
  MOCK_DOMAIN: 2,
  MD_CHECK_MAP: 3,
  MOCK_DOMAIN_REPLACE: 10,
  MOCK_DOMAIN_FLAGS: 12,
  TRIGGER_IOPF: 15,
  PASID_ATTACH: 18,
  PASID_REPLACE: 19,
  PASID_DETACH: 20,
  PASID_CHECK_HWPT: 21,
} as const;

/** enum in iommufd_test.h: MOCK_FLAGS_DEVICE_… */
export const MockDeviceFlag = { NO_DIRTY: 1, PASID: 4 } as const;

/** `id` is the IOAS or HWPT to attach to. Also the layout of MOCK_DOMAIN, which has no `devFlags`. */
export const testMockDomainFlags = struct(NAME, SIZE, {
  ...head,
  outStdevId: 'u32',
  outHwptId: 'u32',
  outIdevId: 'u32',
  devFlags: 'u32',
  ...tail,
});

/** `id` is the stdev. */
export const testMockDomainReplace = struct(NAME, SIZE, { ...head, ptId: 'u32', ...tail });

/** `devId` is the idev (iommufd device object). */
export const testTriggerIopf = struct(NAME, SIZE, {
  ...head,
  devId: 'u32',
  pasid: 'u32',
  grpid: 'u32',
  perm: 'u32',
  addr: 'u64',
  ...tail,
});

/** `id` is the stdev; for PASID_ATTACH, PASID_REPLACE (both fields) and PASID_DETACH (`pasid` alone). */
export const testPasid = struct(NAME, SIZE, { ...head, pasid: 'u32', ptId: 'u32', ...tail });

/** struct iommu_hwpt_selftest: the data of a nested HWPT on the mock driver. */
export const iommuHwptSelftest = struct('iommu_hwpt_selftest', 8, { iotlb: 'u32', pagetableType: 'u32' });

export const IOMMU_TEST_IOTLB_DEFAULT = 0xbadbeef;

/** MOCK_PASID_WIDTH: PASIDs of a mock device are below 1 << 20. */
export const MOCK_PASID_WIDTH = 20;

/** On the lab's kernel, TRIGGER_IOPF with this bit in `perm` reports a fault without LAST_PAGE. */
export const LAB_PERM_PARTIAL = 0x8000_0000;
