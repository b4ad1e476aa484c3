// A VFIO character device: drivers/vfio/device_cdev.c. What is attached and faults is the iommufd device that BIND makes of it.
import { type Kernel, Open } from '../kernel/kernel.ts';
import type { DevId, Fd, HwptId, IoasId } from '../uapi/ids.ts';
import {
  IOMMU_TEST_CMD,
  type Ioctl,
  VFIO_DEVICE_ATTACH_IOMMUFD_PT,
  VFIO_DEVICE_BIND_IOMMUFD,
  VFIO_DEVICE_DETACH_IOMMUFD_PT,
} from '../uapi/ioctl.ts';
import { TestOp, testTriggerIopf } from '../uapi/selftest.ts';
import type { Fields, Struct, StructValue } from '../uapi/struct.ts';
import * as vfio from '../uapi/vfio.ts';
import type { Attachable, Trigger } from './attachable.ts';
import { check } from './error.ts';
import type { Iommufd } from './iommufd.ts';

export class VfioDevice implements Attachable {
  readonly #iommufd: Iommufd;
  readonly #name: string;
  readonly fd: Fd;
  readonly devId: DevId;

  /** A descriptor that is bound to the iommufd already, as that device. */
  constructor(iommufd: Iommufd, fd: Fd, devId: DevId, name = `device ${devId}`) {
    this.#iommufd = iommufd;
    this.fd = fd;
    this.devId = devId;
    this.#name = name;
  }

  /**
   * Opens the character device and binds it (vfio_device_fops_cdev_open, vfio_df_ioctl_bind_iommufd): binding resets the
   * device. `name` is for messages. Throws IommufdError with nothing left open.
   */
  static open(iommufd: Iommufd, path: string, name = path): VfioDevice {
    const { kernel } = iommufd;
    const fd = check('open VFIO device', path, kernel.open(path, Open.RDWR | Open.CLOEXEC)) as Fd;
    try {
      const value = { iommufd: iommufd.fd };
      const out = call({ kernel, fd, target: name }, VFIO_DEVICE_BIND_IOMMUFD, vfio.vfioDeviceBindIommufd, value);
      return new VfioDevice(iommufd, fd, out.outDevid as DevId, name);
    } catch (error) {
      kernel.close(fd);
      throw error;
    }
  }

  /** vfio_df_ioctl_attach_pt: a replace if it is already attached. */
  attach(pasid: number | null, ptId: HwptId | IoasId): HwptId {
    const [layout, value] =
      pasid === null
        ? ([vfio.vfioDeviceAttachIommufdPt, { ptId }] as const)
        : ([vfio.vfioDeviceAttachIommufdPtPasid, { flags: vfio.VFIO_PASID_FLAG, ptId, pasid }] as const);
    const { ptId: attached } = this.#call(VFIO_DEVICE_ATTACH_IOMMUFD_PT, layout as Struct<Fields>, value, pasid);
    return attached as HwptId;
  }

  replace(pasid: number | null, ptId: HwptId | IoasId): HwptId {
    return this.attach(pasid, ptId);
  }

  /** vfio_df_ioctl_detach_pt: does nothing where nothing is attached. */
  detach(pasid: number | null): void {
    const [layout, value] =
      pasid === null
        ? ([vfio.vfioDeviceDetachIommufdPt, {}] as const)
        : ([vfio.vfioDeviceDetachIommufdPtPasid, { flags: vfio.VFIO_PASID_FLAG, pasid }] as const);
    this.#call(VFIO_DEVICE_DETACH_IOMMUFD_PT, layout as Struct<Fields>, value, pasid);
  }

  /** TRIGGER_IOPF on the device that was bound (iommufd_test_trigger_iopf). */
  trigger({ pasid, grpid, perm, addr }: Trigger): void {
    const value = { op: TestOp.TRIGGER_IOPF, devId: this.devId, pasid: pasid ?? 0, grpid, perm, addr };
    this.#iommufd.call(IOMMU_TEST_CMD, testTriggerIopf, value, this.#target(pasid ?? null));
  }

  /** DETACH, then the close that unbinds (vfio_df_unbind_iommufd). */
  release(): void {
    try {
      this.detach(null);
    } finally {
      check('close', this.#name, this.#iommufd.kernel.close(this.fd));
    }
  }

  #call<F extends Fields>(
    request: Pick<Ioctl, 'name' | 'nr'>,
    layout: Struct<F>,
    value: Partial<StructValue<F>>,
    pasid: number | null,
  ): StructValue<F> {
    const called = { kernel: this.#iommufd.kernel, fd: this.fd, target: this.#target(pasid) };
    return call(called, request, layout, value);
  }

  #target(pasid: number | null): string {
    return `${this.#name}${pasid === null ? '' : `, PASID ${pasid}`}`;
  }
}

/** An open file, and its name for messages. */
interface Called {
  readonly kernel: Kernel;
  readonly fd: Fd;
  readonly target: string;
}

function call<F extends Fields>(
  { kernel, fd, target }: Called,
  request: Pick<Ioctl, 'name' | 'nr'>,
  layout: Struct<F>,
  value: Partial<StructValue<F>>,
): StructValue<F> {
  const arg = layout.encode(value);
  check(request.name, target, kernel.ioctl(fd, request.nr, arg));
  return layout.decode(arg);
}
