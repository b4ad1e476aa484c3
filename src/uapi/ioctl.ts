// The ioctls that iopftop makes. All are _IO(';', nr): the number carries no size and no direction.
import * as iommufd from './iommufd.ts';
import * as selftest from './selftest.ts';
import type { Fields, Struct } from './struct.ts';
import * as vfio from './vfio.ts';

export interface Ioctl {
  readonly name: string;
  readonly nr: number;
  readonly arg: Struct<Fields>;
}

const IOMMUFD_TYPE = 0x3b; // ';'
const io = <F extends Fields>(name: string, nr: number, arg: Struct<F>) => ({
  name,
  nr: (IOMMUFD_TYPE << 8) | nr,
  arg,
});

export const IOMMU_DESTROY = io('IOMMU_DESTROY', 0x80, iommufd.iommuDestroy);
export const IOMMU_IOAS_ALLOC = io('IOMMU_IOAS_ALLOC', 0x81, iommufd.iommuIoasAlloc);
export const IOMMU_IOAS_IOVA_RANGES = io('IOMMU_IOAS_IOVA_RANGES', 0x84, iommufd.iommuIoasIovaRanges);
export const IOMMU_IOAS_MAP = io('IOMMU_IOAS_MAP', 0x85, iommufd.iommuIoasMap);
export const IOMMU_IOAS_UNMAP = io('IOMMU_IOAS_UNMAP', 0x86, iommufd.iommuIoasUnmap);
export const IOMMU_HWPT_ALLOC = io('IOMMU_HWPT_ALLOC', 0x89, iommufd.iommuHwptAlloc);
export const IOMMU_GET_HW_INFO = io('IOMMU_GET_HW_INFO', 0x8a, iommufd.iommuHwInfo);
export const IOMMU_FAULT_QUEUE_ALLOC = io('IOMMU_FAULT_QUEUE_ALLOC', 0x8e, iommufd.iommuFaultAlloc);
export const IOMMU_TEST_CMD = io('IOMMU_TEST_CMD', 0xa0, selftest.testMockDomainFlags);
export const VFIO_DEVICE_BIND_IOMMUFD = io('VFIO_DEVICE_BIND_IOMMUFD', 0x76, vfio.vfioDeviceBindIommufd);
export const VFIO_DEVICE_ATTACH_IOMMUFD_PT = io('VFIO_DEVICE_ATTACH_IOMMUFD_PT', 0x77, vfio.vfioDeviceAttachIommufdPt);
export const VFIO_DEVICE_DETACH_IOMMUFD_PT = io('VFIO_DEVICE_DETACH_IOMMUFD_PT', 0x78, vfio.vfioDeviceDetachIommufdPt);

export const ioctls: readonly Ioctl[] = [
  IOMMU_DESTROY,
  IOMMU_IOAS_ALLOC,
  IOMMU_IOAS_IOVA_RANGES,
  IOMMU_IOAS_MAP,
  IOMMU_IOAS_UNMAP,
  IOMMU_HWPT_ALLOC,
  IOMMU_GET_HW_INFO,
  IOMMU_FAULT_QUEUE_ALLOC,
  IOMMU_TEST_CMD,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_DEVICE_ATTACH_IOMMUFD_PT,
  VFIO_DEVICE_DETACH_IOMMUFD_PT,
];
