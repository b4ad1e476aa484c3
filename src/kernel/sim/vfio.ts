// /dev/vfio/devices/vfioN (vfio/{device_cdev,iommufd}.c).
import { Errno } from '../../uapi/errno.ts';
import {
  VFIO_DEVICE_ATTACH_IOMMUFD_PT,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_DEVICE_DETACH_IOMMUFD_PT,
} from '../../uapi/ioctl.ts';
import { struct } from '../../uapi/struct.ts';
import {
  VFIO_PASID_FLAG,
  vfioDeviceAttachIommufdPt,
  vfioDeviceAttachIommufdPtPasid,
  vfioDeviceBindIommufd,
  vfioDeviceDetachIommufdPt,
  vfioDeviceDetachIommufdPtPasid,
} from '../../uapi/vfio.ts';
import { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import type { FdTable, FileOps, OpenFile } from './files.ts';
import type { MockDev } from './mock-device.ts';
import { DEFAULT_POLLMASK } from './poll.ts';
import { copyStruct, userSize } from './ucmd.ts';

/** struct vfio_device_bind_iommufd as 7.2 has it. */
const bindWithToken = struct('vfio_device_bind_iommufd', 24, {
  argsz: 'u32',
  flags: 'u32',
  iommufd: 's32',
  outDevid: 'u32',
  tokenUuidPtr: 'u64',
});
/** IDs of an ida are below 2^31. */
const INT_MAX = 0x7fff_ffff;

/** struct vfio_device: what all files of one device share. */
export class SimVfioDevice {
  readonly dev: MockDev;
  /** device->open_count: files that are bound. At most one. */
  opened = false;
  /** The group's own device file is open (vfio_device_block_group()). */
  groupOpened = false;
  /** Files that are open, bound or not: the driver cannot release the device before they are closed. */
  files = 0;
  /** device->ops->open_device(), once it is bound. */
  readonly openDevice: () => void;

  constructor(dev: MockDev, openDevice: () => void = () => {}) {
    this.dev = dev;
    this.openDevice = openDevice;
  }
}

interface Binding {
  readonly idev: IommufdDevice;
  readonly context: OpenFile;
  /** vdev->pasids */
  readonly pasids: Set<number>;
  /** vdev->iommufd_attached */
  attached: boolean;
}

const is = (arg: Uint8Array, size: number) => arg.byteLength >= size;

export class VfioFile implements FileOps {
  readonly kind = 'vfio';
  readonly seekable = true;
  readonly path: string;
  readonly #device: SimVfioDevice;
  readonly #fds: FdTable;
  #binding: Binding | undefined;

  constructor(device: SimVfioDevice, fds: FdTable, path: string) {
    this.path = path;
    this.#device = device;
    this.#fds = fds;
    device.files++;
  }

  poll(): number {
    return DEFAULT_POLLMASK;
  }

  /** vfio_device_fops_unl_ioctl() */
  ioctl(request: number, arg: Uint8Array): number {
    if (request === VFIO_DEVICE_BIND_IOMMUFD.nr) return this.#bind(arg);
    const binding = this.#binding;
    if (!binding) return -Errno.EINVAL;
    if (request === VFIO_DEVICE_ATTACH_IOMMUFD_PT.nr) return attach(binding, arg);
    if (request === VFIO_DEVICE_DETACH_IOMMUFD_PT.nr) return detach(binding, arg);
    return -Errno.EINVAL;
  }

  /** vfio_df_ioctl_bind_iommufd() */
  #bind(arg: Uint8Array): number {
    const size = userSize(arg);
    if (size < 0) return size;
    if (size < vfioDeviceBindIommufd.size) return -Errno.EINVAL;
    const copy = copyStruct(arg, size, bindWithToken.size);
    if (typeof copy === 'number') return copy;
    const cmd = bindWithToken.decode(copy);
    // Without a match_token_uuid callback the token flag is refused just as unknown flags are.
    if (cmd.iommufd < 0 || cmd.flags !== 0) return -Errno.EINVAL;
    if (this.#device.groupOpened) return -Errno.EBUSY;
    if (this.#binding) return -Errno.EINVAL;
    const file = this.#fds.get(cmd.iommufd);
    if (!file) return -Errno.EBADF;
    const context = file.ops;
    if (!(context instanceof IommufdContext)) return -Errno.EBADFD;
    if (this.#device.opened) return -Errno.EINVAL;
    const idev = IommufdDevice.bindTo(context.objects, this.#device.dev, context);
    if (typeof idev === 'number') return idev;
    this.#device.opened = true;
    this.#device.openDevice();
    this.#binding = { idev, context: file.get(), pasids: new Set(), attached: false };
    vfioDeviceBindIommufd.write(arg, { outDevid: idev.id });
    return 0;
  }

  /** vfio_df_unbind_iommufd(), vfio_iommufd_physical_unbind() */
  release(): void {
    this.#device.files--;
    const binding = this.#binding;
    if (!binding) return;
    for (const pasid of [...binding.pasids].sort((a, b) => a - b)) binding.idev.detach(pasid);
    if (binding.attached) binding.idev.detach(0);
    binding.idev.unbind();
    this.#device.opened = false;
    this.#binding = undefined;
    binding.context.put();
  }
}

/** vfio_df_ioctl_attach_pt(): a second attach is a replace. */
function attach(binding: Binding, arg: Uint8Array): number {
  if (!is(arg, vfioDeviceAttachIommufdPt.size)) return -Errno.EFAULT;
  const cmd = vfioDeviceAttachIommufdPt.decode(arg);
  if (cmd.argsz < vfioDeviceAttachIommufdPt.size || (cmd.flags & ~VFIO_PASID_FLAG) !== 0) return -Errno.EINVAL;
  if ((cmd.flags & VFIO_PASID_FLAG) === 0) {
    const { idev } = binding;
    const { rc, ptId } = binding.attached ? idev.replace(0, cmd.ptId) : idev.attach(0, cmd.ptId);
    if (rc !== 0) return rc;
    binding.attached = true;
    vfioDeviceAttachIommufdPt.write(arg, { ptId });
    return 0;
  }
  if (cmd.argsz < vfioDeviceAttachIommufdPtPasid.size) return -Errno.EINVAL;
  if (!is(arg, vfioDeviceAttachIommufdPtPasid.size)) return -Errno.EFAULT;
  return attachPasid(binding, arg, vfioDeviceAttachIommufdPtPasid.decode(arg));
}

/** vfio_iommufd_physical_pasid_attach_ioas() */
function attachPasid(binding: Binding, arg: Uint8Array, cmd: { pasid: number; ptId: number }): number {
  const { idev, pasids } = binding;
  const replacing = pasids.has(cmd.pasid);
  if (!replacing && cmd.pasid > INT_MAX) return -Errno.ENOSPC;
  const { rc, ptId } = replacing ? idev.replace(cmd.pasid, cmd.ptId) : idev.attach(cmd.pasid, cmd.ptId);
  if (rc !== 0) return rc;
  pasids.add(cmd.pasid);
  vfioDeviceAttachIommufdPt.write(arg, { ptId });
  return 0;
}

/** vfio_df_ioctl_detach_pt() */
function detach(binding: Binding, arg: Uint8Array): number {
  if (!is(arg, vfioDeviceDetachIommufdPt.size)) return -Errno.EFAULT;
  const cmd = vfioDeviceDetachIommufdPt.decode(arg);
  if (cmd.argsz < vfioDeviceDetachIommufdPt.size || (cmd.flags & ~VFIO_PASID_FLAG) !== 0) return -Errno.EINVAL;
  if ((cmd.flags & VFIO_PASID_FLAG) === 0) {
    if (binding.attached) binding.idev.detach(0);
    binding.attached = false;
    return 0;
  }
  if (cmd.argsz < vfioDeviceDetachIommufdPtPasid.size) return -Errno.EINVAL;
  if (!is(arg, vfioDeviceDetachIommufdPtPasid.size)) return -Errno.EFAULT;
  const { pasid } = vfioDeviceDetachIommufdPtPasid.decode(arg);
  if (binding.pasids.delete(pasid)) binding.idev.detach(pasid);
  return 0;
}
