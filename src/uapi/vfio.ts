// include/uapi/linux/vfio.h: the VFIO character device. The short forms are the ones that 6.6 introduced; newer kernels
// take them too, and the PASID fields only where the struct is long enough and the flag is set.
import { struct } from './struct.ts';

export const vfioDeviceBindIommufd = struct('vfio_device_bind_iommufd', 16, {
  argsz: 'u32',
  flags: 'u32',
  iommufd: 's32',
  outDevid: 'u32',
});

export const vfioDeviceAttachIommufdPt = struct('vfio_device_attach_iommufd_pt', 12, {
  argsz: 'u32',
  flags: 'u32',
  ptId: 'u32',
});

export const vfioDeviceAttachIommufdPtPasid = struct('vfio_device_attach_iommufd_pt', 16, {
  argsz: 'u32',
  flags: 'u32',
  ptId: 'u32',
  pasid: 'u32',
});

export const vfioDeviceDetachIommufdPt = struct('vfio_device_detach_iommufd_pt', 8, { argsz: 'u32', flags: 'u32' });

export const vfioDeviceDetachIommufdPtPasid = struct('vfio_device_detach_iommufd_pt', 12, {
  argsz: 'u32',
  flags: 'u32',
  pasid: 'u32',
});

/** VFIO_DEVICE_ATTACH_PASID and VFIO_DEVICE_DETACH_PASID: the flag that makes `pasid` count. */
export const VFIO_PASID_FLAG = 1;
