// What an errno means for an operation, and what to do about it. The kernel says little; iopftop says more here.
// Each row was read in the function named beside its operation.
import { type ErrnoName, errnoName } from './errno.ts';

export interface Meaning {
  readonly meaning: string;
  readonly hint?: string;
}

type Table = Partial<Record<ErrnoName, Meaning>>;

const memlock: Meaning = {
  meaning: 'out of memory, or over the locked memory limit (RLIMIT_MEMLOCK)',
  hint: 'raise it with `ulimit -l unlimited`, or run as root',
};

const tooManyFiles: Meaning = { meaning: 'too many open files', hint: 'raise `ulimit -n`' };

const deviceCgroup = (path: string): Meaning => ({
  meaning: 'blocked by a device cgroup (running in a container?)',
  hint: `run outside the container, or pass it to the container (docker run --device ${path})`,
});

const noVfioPermission: Meaning = {
  meaning: 'no permission',
  hint: 'run as root, or give your user access to /dev/vfio/devices and /dev/iommu',
};

/** By operation: the ioctl's name, or the system call's. */
export const errnoMeanings: Record<string, Table> = {
  'open /dev/iommu': {
    ENOENT: {
      meaning: 'the kernel has no iommufd',
      hint: 'it needs CONFIG_IOMMUFD (`modprobe iommufd` if it is a module); to try iopftop without it, remove --backend',
    },
    EACCES: { meaning: 'no permission', hint: 'run as root, or give your user access to /dev/iommu' },
    EPERM: deviceCgroup('/dev/iommu'),
    ENODEV: { meaning: 'the iommufd module is not loaded', hint: 'run `modprobe iommufd`' },
    ENXIO: { meaning: 'the iommufd module is not loaded', hint: 'run `modprobe iommufd`' },
    EMFILE: tooManyFiles,
  },
  listen: {
    EADDRINUSE: { meaning: 'the path already exists', hint: 'use another path' },
    EACCES: { meaning: 'no permission to create a socket there', hint: 'use a path in your own directory' },
    ENOENT: { meaning: 'the directory does not exist' },
    ENOTDIR: { meaning: 'part of the path is not a directory' },
    EROFS: { meaning: 'the file system is read-only', hint: 'use a path in /run or $XDG_RUNTIME_DIR' },
    ENAMETOOLONG: { meaning: 'a socket path can have at most 107 bytes', hint: 'use a shorter one' },
    ENOSPC: { meaning: 'the file system is full' },
    EMFILE: tooManyFiles,
  },
  eventfd: { EMFILE: tooManyFiles, ENFILE: tooManyFiles },
  mmap: {
    ENOMEM: { meaning: 'out of memory, or over the address space limit (RLIMIT_AS)', hint: 'see `ulimit -v`' },
  },
  // iommufd_destroy
  IOMMU_DESTROY: {
    ENOENT: { meaning: 'no such object' },
    EBUSY: {
      meaning: 'the object is in use',
      hint: 'detach the devices, destroy the HWPTs over it and close its fault descriptor first',
    },
  },
  // iommufd_ioas_alloc_ioctl
  IOMMU_IOAS_ALLOC: { ENOMEM: { meaning: 'out of memory' }, EOPNOTSUPP: { meaning: 'unknown flag' } },
  IOMMU_IOAS_IOVA_RANGES: { ENOENT: { meaning: 'no such IOAS' } },
  // iommufd_ioas_map, iopt_map_user_pages
  IOMMU_IOAS_MAP: {
    ENOMEM: memlock,
    EEXIST: { meaning: 'part of the range is already mapped' },
    EINVAL: {
      meaning: 'the range is not aligned, or the attached devices cannot address it or reserve it',
    },
    EFAULT: { meaning: 'the memory does not exist' },
    EPERM: { meaning: 'the memory is read-only, but a writable mapping was asked for' },
    ENOSPC: { meaning: 'no room left in the address space' },
    ENOENT: { meaning: 'no such IOAS' },
    EOVERFLOW: { meaning: 'the range extends beyond the address space' },
  },
  IOMMU_IOAS_UNMAP: {
    ENOENT: { meaning: 'nothing is mapped there, or the range splits a mapping' },
    EBUSY: { meaning: 'the range is in use by an access' },
  },
  // iommufd_hwpt_alloc, iommufd_hwpt_paging_alloc, iommufd_hwpt_nested_alloc
  IOMMU_HWPT_ALLOC: {
    EOPNOTSUPP: {
      meaning: 'the kernel or the IOMMU does not support such a HWPT',
      hint: 'a fault queue on a paging HWPT needs Linux 6.13, and cannot be combined with NEST_PARENT',
    },
    ENOENT: { meaning: 'no such device or fault object, or the device has no IOMMU' },
    EINVAL: { meaning: 'no such IOAS or parent, or it, the flags or the data do not match' },
    ENOMEM: memlock,
    EADDRINUSE: { meaning: 'memory mapped in the IOAS overlaps a range that the device reserves' },
  },
  // iommufd_get_hw_info, iommufd_get_device
  IOMMU_GET_HW_INFO: {
    ENOENT: { meaning: 'no such device, or it has no IOMMU' },
    EOPNOTSUPP: { meaning: 'unknown flag' },
  },
  // iommufd_fault_alloc
  IOMMU_FAULT_QUEUE_ALLOC: {
    ENOTTY: { meaning: 'the kernel has no fault queues', hint: 'they need Linux 6.11' },
    EMFILE: tooManyFiles,
    ENOMEM: { meaning: 'out of memory' },
  },
  // iommufd_test
  IOMMU_TEST_CMD: {
    ENOTTY: {
      meaning: 'the kernel has no selftest devices',
      hint: 'it needs CONFIG_IOMMUFD_TEST; `npm run lab` builds and boots such a kernel',
    },
    EOPNOTSUPP: { meaning: 'the kernel does not support this selftest operation' },
    ENOENT: { meaning: 'no such device or HWPT' },
    EINVAL: { meaning: 'the device, PASID and HWPT do not match' },
    EBUSY: { meaning: 'the PASID is already attached' },
    ENOMEM: { meaning: 'out of memory' },
  },
  // vfio_device_fops_cdev_open
  'open VFIO device': {
    ENOENT: {
      meaning: 'no such VFIO character device',
      hint: 'the device needs a VFIO driver (--bind, or see `iopftop doctor`), the kernel needs CONFIG_VFIO_DEVICE_CDEV',
    },
    EACCES: noVfioPermission,
    EPERM: deviceCgroup('/dev/vfio/devices'),
    ENODEV: { meaning: 'its driver is just releasing it', hint: 'try again' },
    ENXIO: { meaning: 'it has no driver', hint: 'see `iopftop doctor`' },
    EMFILE: tooManyFiles,
  },
  // vfio_df_ioctl_bind_iommufd, vfio_df_open, iommufd_device_bind, vfio_pci_core_enable, vfio_pci_validate_vf_token
  VFIO_DEVICE_BIND_IOMMUFD: {
    EBUSY: {
      meaning: 'its VFIO group is open, or somebody else owns a device in its IOMMU group',
      hint: 'end the processes that use it; `iopftop devices` shows who has which device open',
    },
    EPERM: {
      meaning: 'the platform does not isolate interrupts, or another driver or iommufd has a device in its IOMMU group',
      hint: 'end the processes that use the group (`iopftop devices` shows its members); or set the module parameter iommufd.allow_unsafe_interrupts=1 if you accept that the device could raise any interrupt',
    },
    EINVAL: {
      meaning: 'another process has the device bound, or the device is not cache coherent',
      hint: '`iopftop devices` shows who has which device open',
    },
    EBADFD: { meaning: 'the descriptor is not an iommufd' },
    EBADF: { meaning: 'the iommufd is closed' },
    E2BIG: { meaning: 'the kernel is older than the fields used' },
    ENODEV: { meaning: 'it has no IOMMU group, or its driver is just releasing it', hint: 'see `iopftop doctor`' },
    EACCES: {
      meaning: "it is a VF, and its PF is in user space too: opening it needs the PF's token",
      hint: 'give the PF back to a kernel driver',
    },
    EAGAIN: { meaning: 'somebody is resetting it', hint: 'try again' },
    ENOMEM: { meaning: 'out of memory' },
  },
  // vfio_df_ioctl_attach_pt, iommufd_device_attach, iommufd_hwpt_attach_device, intel_iommu_enable_iopf, arm_smmu_enable_iopf
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: {
    ENODEV: { meaning: 'the device has no ATS or no PRI, or its IOMMU does not take page requests: it cannot fault' },
    EINVAL: { meaning: 'the HWPT does not match: the device is a VF, or it or the HWPT cannot have this PASID' },
    EBUSY: {
      meaning:
        'PRI is already on, or the PASID is already attached: here, or in the kernel (an SVA bond, or its own use)',
      hint: 'end the processes that use the device, or use another PASID',
    },
    EOPNOTSUPP: {
      meaning:
        'the driver cannot attach PASIDs; with a fault object also: SMMUv3 without CONFIG_ARM_SMMU_V3_SVA, or a device with several stream ids',
    },
    ENOSPC: { meaning: 'the PASID is larger than the maximum' },
    ENOENT: { meaning: 'no such HWPT' },
    EADDRINUSE: {
      meaning: 'memory mapped in the IOAS overlaps a range that the device reserves',
      hint: 'choose another --iova',
    },
    ENOMEM: memlock,
  },
  // vfio_df_ioctl_detach_pt
  VFIO_DEVICE_DETACH_IOMMUFD_PT: {
    EINVAL: { meaning: 'the device is not bound to an iommufd' },
    EOPNOTSUPP: { meaning: 'the driver cannot detach PASIDs' },
    ENODEV: { meaning: 'its driver is just releasing it' },
  },
  // iommufd_fault_fops_read
  'read fault queue': {
    EINVAL: { meaning: 'the first group does not fit the buffer' },
    ESPIPE: { meaning: 'the count is not a multiple of 40, or the descriptor is not a fault queue' },
    ENOMEM: { meaning: 'out of memory; the group stays queued' },
    EFAULT: { meaning: 'the buffer is not writable' },
    EBADF: { meaning: 'the descriptor is closed' },
  },
  // iommufd_fault_fops_write
  'write page response': {
    EINVAL: { meaning: 'no group has this cookie any longer: the kernel has answered it INVALID' },
    ESPIPE: { meaning: 'the count is not a multiple of 8' },
    EBADF: { meaning: 'the descriptor is closed' },
  },
};

const general: Table = {
  ENOTTY: { meaning: 'the kernel does not support this ioctl' },
  E2BIG: { meaning: 'the kernel is older than the fields used' },
  EBADF: { meaning: 'the descriptor is closed or invalid' },
  ENOMEM: { meaning: 'out of memory' },
  EPERM: { meaning: 'not permitted' },
  EACCES: { meaning: 'no permission' },
  ENOENT: { meaning: 'it does not exist' },
};

/** What positive `errno` means for `operation` (a key of `errnoMeanings`); never undefined. */
export function errnoMeaning(operation: string, errno: number): Meaning {
  const name = errnoName(errno) as ErrnoName;
  return errnoMeanings[operation]?.[name] ?? general[name] ?? { meaning: 'the kernel gives no reason' };
}
