// What the kernel refuses on the way to the first fault: each refusal has a meaning of its own, and a way on where there is
// one.
import { describe, expect, it } from 'vitest';
import { Errno, type ErrnoName } from '../../src/uapi/errno.ts';
import { errnoMeaning, errnoMeanings } from '../../src/uapi/errno-meaning.ts';

const WAY_ON = true;

const REFUSALS: readonly [operation: string, errno: ErrnoName, says: RegExp, hint?: boolean][] = [
  ['open /dev/iommu', 'ENOENT', /no iommufd/, WAY_ON],
  ['open /dev/iommu', 'EACCES', /no permission/, WAY_ON],
  ['open /dev/iommu', 'EPERM', /cgroup/, WAY_ON],
  ['open VFIO device', 'ENOENT', /no such VFIO character device/, WAY_ON],
  ['open VFIO device', 'EACCES', /no permission/, WAY_ON],
  ['open VFIO device', 'EPERM', /cgroup/, WAY_ON],
  ['IOMMU_FAULT_QUEUE_ALLOC', 'ENOTTY', /no fault queues/, WAY_ON],
  ['IOMMU_HWPT_ALLOC', 'E2BIG', /older than the fields/],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EBUSY', /group is open.*owns/, WAY_ON],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EPERM', /isolate interrupts/, WAY_ON],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EINVAL', /bound.*coherent/, WAY_ON],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EBADFD', /not an iommufd/],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'ENODEV', /no IOMMU group/, WAY_ON],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EACCES', /VF.*token/, WAY_ON],
  ['VFIO_DEVICE_BIND_IOMMUFD', 'EAGAIN', /resetting/, WAY_ON],
  ['IOMMU_HWPT_ALLOC', 'EOPNOTSUPP', /does not support such a HWPT/, WAY_ON],
  ['IOMMU_HWPT_ALLOC', 'ENOENT', /device or fault object.*no IOMMU/],
  ['IOMMU_HWPT_ALLOC', 'EINVAL', /no such IOAS or parent/],
  ['VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'ENODEV', /no ATS or no PRI/],
  ['VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'EINVAL', /VF/],
  ['VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'EBUSY', /PRI is already on/, WAY_ON],
  ['VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'EOPNOTSUPP', /PASIDs.*ARM_SMMU_V3_SVA/],
  ['VFIO_DEVICE_ATTACH_IOMMUFD_PT', 'EADDRINUSE', /reserves/, WAY_ON],
  ['VFIO_DEVICE_DETACH_IOMMUFD_PT', 'EINVAL', /not bound/],
  ['VFIO_DEVICE_DETACH_IOMMUFD_PT', 'EOPNOTSUPP', /PASIDs/],
  ['IOMMU_IOAS_MAP', 'ENOMEM', /RLIMIT_MEMLOCK/, WAY_ON],
  ['IOMMU_IOAS_MAP', 'EPERM', /read-only/],
  ['IOMMU_IOAS_MAP', 'ENOSPC', /no room/],
  ['IOMMU_DESTROY', 'EBUSY', /in use/, WAY_ON],
];

describe('errnoMeaning', () => {
  it.each(REFUSALS)('%s: %s', (operation, errno, says, hint) => {
    const found = errnoMeaning(operation, Errno[errno]);
    expect(found.meaning).toMatch(says);
    expect(found.hint !== undefined).toBe(hint === true);
  });

  it('is one line each, without an end', () => {
    for (const { meaning, hint = '' } of Object.values(errnoMeanings).flatMap((table) => Object.values(table))) {
      expect(meaning + hint).not.toMatch(/\n|\.$/);
    }
  });
});
